#include "common/tui/input_line.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "common/util/text_width.hpp"

namespace wardline::tui {

bool input_line::press(const key& k, bool with_history) {
  switch (k.name) {
    case key_name::text:
      insert(k.text);
      return true;
    case key_name::backspace:
      erase(before(cursor_), cursor_);
      return true;
    case key_name::del:
      erase(cursor_, after(cursor_));
      return true;
    case key_name::left:
      cursor_ = before(cursor_);
      return true;
    case key_name::right:
      cursor_ = after(cursor_);
      return true;
    case key_name::home:
      cursor_ = 0;
      return true;
    case key_name::end:
      cursor_ = text_.size();
      return true;
    case key_name::erase_line:
      erase(0, cursor_);
      return true;
    case key_name::erase_to_end:
      erase(cursor_, text_.size());
      return true;
    case key_name::erase_word:
      erase_word();
      return true;
    case key_name::up:
    case key_name::down:
      if (with_history) recall(k.name == key_name::up);
      return with_history;
    default:
      return false;
  }
}

std::string input_line::take() {
  std::string line = std::exchange(text_, {});
  if (!line.empty() && (history_.empty() || history_.back() != line)) history_.push_back(line);
  if (history_.size() > max_history) history_.erase(history_.begin());
  clear();
  return line;
}

void input_line::clear() {
  text_.clear();
  cursor_ = 0;
  recalled_ = history_.size();
  unfinished_.clear();
}

input_line::layout input_line::laid_out(std::size_t width, std::size_t indent) const {
  width = std::max<std::size_t>(width, 2);
  layout out{{""}, 0, 0};
  std::size_t column = std::min(indent, width);
  for (std::size_t at = 0;;) {
    const bool is_end = at == text_.size();
    const glyph g = is_end ? glyph{0, 1} : first_glyph(std::string_view(text_).substr(at));
    if (column + g.columns > width) {
      out.rows.emplace_back();
      column = 0;
    }
    if (at == cursor_) {
      out.cursor_row = out.rows.size() - 1;
      out.cursor_column = out.cursor_row == 0 ? column - indent : column;
    }
    if (is_end) return out;
    out.rows.back().append(text_, at, g.bytes);
    column += g.columns;
    at += g.bytes;
  }
}

// The character that ends there, with what combines with it.
std::size_t input_line::before(std::size_t at) const {
  while (at > 0) {
    --at;
    if (at > 0 && (static_cast<unsigned char>(text_[at]) & 0xc0U) == 0x80U) continue;
    if (first_glyph(std::string_view(text_).substr(at)).columns > 0) break;
  }
  return at;
}

std::size_t input_line::after(std::size_t at) const {
  const std::string_view text = text_;
  if (at == text.size()) return at;
  at += first_glyph(text.substr(at)).bytes;
  while (at < text.size()) {
    const glyph g = first_glyph(text.substr(at));
    if (g.columns > 0) break;
    at += g.bytes;
  }
  return at;
}

void input_line::insert(const std::string& what) {
  if (text_.size() + what.size() > max_bytes) return;
  text_.insert(cursor_, what);
  cursor_ += what.size();
}

void input_line::erase(std::size_t from, std::size_t to) {
  text_.erase(from, to - from);
  cursor_ = from;
}

void input_line::erase_word() {
  std::size_t from = cursor_;
  while (from > 0 && text_[from - 1] == ' ') --from;
  while (from > 0 && text_[from - 1] != ' ') --from;
  erase(from, cursor_);
}

void input_line::recall(bool older) {
  if (older ? recalled_ == 0 : recalled_ == history_.size()) return;
  if (recalled_ == history_.size()) unfinished_ = text_;
  recalled_ = older ? recalled_ - 1 : recalled_ + 1;
  text_ = recalled_ == history_.size() ? unfinished_ : history_[recalled_];
  cursor_ = text_.size();
}

}  // namespace wardline::tui
