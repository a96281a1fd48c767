#include "common/tui/key_decoder.hpp"

#include <array>
#include <utility>

#include "common/util/text_encoding.hpp"

namespace wardline::tui {
namespace {

// No sequence of a terminal is longer; more is no sequence.
constexpr std::size_t longest_sequence = 32;

struct named {
  std::string_view bytes;
  key_name name;
};

// Behind "ESC [" or "ESC O": with digits the first number counts, and the last byte is '~'.
constexpr std::array<named, 15> sequences{{{"A", key_name::up},
                                           {"B", key_name::down},
                                           {"C", key_name::right},
                                           {"D", key_name::left},
                                           {"H", key_name::home},
                                           {"F", key_name::end},
                                           {"M", key_name::enter},  // of the keypad
                                           {"Z", key_name::back_tab},
                                           {"1~", key_name::home},
                                           {"3~", key_name::del},
                                           {"4~", key_name::end},
                                           {"5~", key_name::page_up},
                                           {"6~", key_name::page_down},
                                           {"7~", key_name::home},
                                           {"8~", key_name::end}}};
constexpr std::string_view paste_begins = "200~";
constexpr std::string_view paste_ends = "201~";

constexpr std::array<std::pair<char, key_name>, 14> controls{{{'\r', key_name::enter},
                                                              {'\n', key_name::enter},
                                                              {'\t', key_name::tab},
                                                              {'\x7f', key_name::backspace},
                                                              {'\b', key_name::backspace},
                                                              {'\x01', key_name::home},
                                                              {'\x05', key_name::end},
                                                              {'\x04', key_name::del},
                                                              {'\x15', key_name::erase_line},
                                                              {'\x17', key_name::erase_word},
                                                              {'\x0b', key_name::erase_to_end},
                                                              {'\x0c', key_name::redraw},
                                                              {'\x10', key_name::up},
                                                              {'\x0e', key_name::down}}};

bool is_control(char c) noexcept { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

std::size_t utf8_size(char first) noexcept {
  const auto b = static_cast<unsigned char>(first);
  return b >= 0xf0 ? 4 : b >= 0xe0 ? 3 : b >= 0xc2 ? 2 : 1;
}

}  // namespace

std::vector<key> key_decoder::decode(std::string_view bytes) {
  std::vector<key> out;
  pending_ += bytes;
  while (!pending_.empty() && decode_one(out)) {
  }
  return out;
}

std::vector<key> key_decoder::flush() {
  std::vector<key> out;
  if (!is_pending()) return out;
  out.push_back({key_name::escape, {}});
  pending_.erase(0, 1);
  for (auto& k : decode({})) out.push_back(std::move(k));
  return out;
}

// Takes what is at the front; false if its end has not come yet.
bool key_decoder::decode_one(std::vector<key>& out) {
  const char first = pending_.front();
  if (first == '\x1b') return decode_sequence(out);
  if (is_control(first)) {
    control(first, out);
    pending_.erase(0, 1);
    return true;
  }
  const std::size_t n = utf8_size(first);
  for (std::size_t i = 1; i < n && i < pending_.size(); ++i) {
    if ((static_cast<unsigned char>(pending_[i]) & 0xc0U) == 0x80U) continue;
    pending_.erase(0, i);  // malformed
    return true;
  }
  if (pending_.size() < n) return false;
  std::string text = pending_.substr(0, n);
  pending_.erase(0, n);
  // What cannot be shown is not typed: no C1, no override of direction.
  if (is_utf8(as_bytes(text)) && printable(text) == text)
    out.push_back({key_name::text, std::move(text), is_pasting_});
  return true;
}

bool key_decoder::decode_sequence(std::vector<key>& out) {
  if (pending_.size() < 2) return false;
  if (pending_[1] != '[' && pending_[1] != 'O') {
    // Escape, and then another key. (With Alt held a terminal sends the same.)
    if (!is_pasting_) out.push_back({key_name::escape, {}});
    pending_.erase(0, 1);
    return true;
  }
  std::size_t last = 2;
  while (last < pending_.size() && pending_[last] >= 0x20 && pending_[last] <= 0x3f) ++last;
  if (last == pending_.size() && last < longest_sequence) return false;
  // One that breaks off is none, and what comes instead of its end is not part of it: it may be the
  // Enter key, or the end of a paste.
  const bool is_whole = last < pending_.size() && pending_[last] >= 0x40 && pending_[last] <= 0x7e;
  if (!is_whole) {
    pending_.erase(0, last);
    return true;
  }
  const std::string whole = pending_.substr(2, last - 1);
  pending_.erase(0, last + 1);

  // "1;5C" is the right key with Control: the key counts. (With 'M' it would be a mouse.)
  std::string what = whole;
  if (!what.empty() && what.back() != '~' && what.back() != 'M') {
    what.erase(0, what.size() - 1);
  } else if (const auto more = what.find(';'); more != std::string::npos) {
    what = what.substr(0, more) + "~";
  }
  if (what == paste_begins || what == paste_ends) {
    is_pasting_ = what == paste_begins;
    return true;
  }
  for (const auto& s : sequences)
    if (s.bytes == what && !is_pasting_) out.push_back({s.name, {}});
  return true;
}

void key_decoder::control(char c, std::vector<key>& out) const {
  if (is_pasting_) {
    if (c == '\n' || c == '\r' || c == '\t') out.push_back({key_name::text, " ", true});
    return;
  }
  for (const auto& [from, name] : controls)
    if (from == c) out.push_back({name, {}});
}

}  // namespace wardline::tui
