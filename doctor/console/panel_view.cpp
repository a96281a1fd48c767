// What stands on the right: the menu's desk, a conversation, or the board of the last broadcast.
#include <algorithm>
#include <deque>
#include <string_view>

#include <fmt/format.h>

#include "common/cli/time_text.hpp"
#include "common/util/text_encoding.hpp"
#include "common/util/text_width.hpp"
#include "doctor/console/view.hpp"
#include "doctor/content_name.hpp"
#include "doctor/events_text.hpp"

namespace wardline::doctor::console {
namespace {

using tui::style;
using tui::tone;

struct line {
  std::string text;
  style look = {};
};

std::string hours_and_minutes(unix_ms t) {
  const auto text = cli::local_text(t);
  return text.substr(text.find(' ') + 1, 5);
}

void draw_heading(tui::canvas& to, const area& where, const std::string& text) {
  constexpr std::string_view hint = "Tab: next";
  to.put_right(where.column, where.column + where.columns, where.row, hint, {tone::faint});
  const std::size_t room = where.columns > hint.size() + 2 ? where.columns - hint.size() - 2 : 0;
  to.put(where.column, where.row, text, {tone::plain, true}, room);
}

// Only as many texts are broken into lines as are looked at, from the last one back: a patient may
// write very much.
void add_above(std::deque<line>& to, const std::string& text, std::size_t width, style look,
               std::string_view indent = {}) {
  const auto parts = wrapped(printable(text), width);
  for (std::size_t i = parts.size(); i > 0; --i)
    to.push_front({i == 1 ? parts[0] : std::string(indent) + parts[i - 1], look});
}

/// The last lines that fit, or `back` further up; how far up that is indeed.
std::size_t draw_lines(tui::canvas& to, const area& where, const std::deque<line>& lines,
                       std::size_t back) {
  if (where.rows == 0) return back;
  const std::size_t most_back = lines.size() > where.rows ? lines.size() - where.rows : 0;
  back = std::min(back, most_back);
  const std::size_t first = lines.size() - std::min(lines.size(), where.rows + back);
  for (std::size_t i = 0; i < where.rows && first + i < lines.size(); ++i)
    to.put(where.column, where.row + i, lines[first + i].text, lines[first + i].look,
           where.columns);
  if (back > 0)
    to.put_right(where.column, where.column + where.columns, where.row + where.rows - 1,
                 fmt::format(" {} more below ", back), {tone::faint, false, true});
  return back;
}

std::deque<line> desk_lines(const model& m, std::size_t width, std::size_t wanted) {
  std::deque<line> out;
  const auto& all = m.desk();
  for (auto text = all.rbegin(); text != all.rend() && out.size() < wanted; ++text)
    add_above(out, *text, width, {});
  return out;
}

std::deque<line> conversation_lines(const model& m, std::size_t width, std::size_t wanted) {
  constexpr std::string_view indent = "      ";
  std::deque<line> out;
  const auto all = m.conversation();
  for (auto u = all.rbegin(); u != all.rend() && out.size() < wanted; ++u) {
    auto text = fmt::format("{} ", hours_and_minutes(u->at));
    if (u->priority != protocol::priority::routine) text += fmt::format("[{}] ", name(u->priority));
    text += u->is_ours ? "you: " : m.selected()->id + ": ";
    text += u->text;
    if (u->state) text += fmt::format("  ({})", name(*u->state));
    const tone colour = u->priority == protocol::priority::emergency ? tone::alarm
                        : u->is_ours                                 ? tone::plain
                                                                     : tone::accent;
    add_above(out, text, width > 20 ? width - indent.size() : width, {colour}, indent);
  }
  return out;
}

struct mark {
  std::string_view sign;
  tone colour;
};

mark mark_of(const recipient& r) {
  switch (r.state) {
    case delivery_state::decrypted:
      return {"\xe2\x9c\x93", tone::good};
    case delivery_state::acknowledged:
      return {"\xe2\x9c\x93\xe2\x9c\x93", tone::good};
    case delivery_state::expired:
    case delivery_state::unreachable:
      return {"\xc3\x97", tone::alarm};
    case delivery_state::queued:
    case delivery_state::sent:
      break;
  }
  if (r.is_overdue) return {"!", tone::alarm};
  return r.state == delivery_state::sent ? mark{"\xe2\x80\xa6", tone::warning}
                                         : mark{"-", tone::faint};
}

constexpr std::string_view legend =
    "\xe2\x9c\x93 has it  \xe2\x9c\x93\xe2\x9c\x93 says so  \xe2\x80\xa6 sent  - not yet";

/// How full it is, in ten columns.
std::string bar(std::size_t done, std::size_t of) {
  constexpr std::size_t width = 10;
  const std::size_t full = of == 0 ? 0 : done * width / of;
  std::string out;
  for (std::size_t i = 0; i < width; ++i) out += i < full ? "\xe2\x96\x88" : "\xe2\x96\x91";
  return out;
}

// The names stand where they are while their signs change. If there is no room for all, whoever
// lacks it comes first.
std::vector<const recipient*> in_order(const board& b, std::size_t places) {
  std::vector<const recipient*> out;
  for (const auto& r : b.recipients) out.push_back(&r);
  if (out.size() > places)
    std::stable_partition(out.begin(), out.end(), [](const recipient* r) {
      return r->state != delivery_state::decrypted && r->state != delivery_state::acknowledged;
    });
  return out;
}

/// How many rows down it begins.
std::size_t draw_names(tui::canvas& to, const area& where, const board& b, std::size_t back) {
  constexpr std::size_t sign_columns = 3;
  std::size_t widest = 8;
  for (const auto& r : b.recipients) widest = std::max(widest, display_width(printable(r.patient)));
  const std::size_t column_width = std::min(widest + sign_columns + 2, where.columns);
  if (column_width == 0 || where.rows == 0) return back;
  const std::size_t across = std::max<std::size_t>(where.columns / column_width, 1);
  const auto people = in_order(b, across * where.rows);
  const std::size_t lines = (people.size() + across - 1) / across;
  const std::size_t most_down = lines > where.rows ? lines - where.rows : 0;
  back = std::min(back, most_down);
  const std::size_t first = back * across;
  for (std::size_t i = 0; i < across * where.rows && first + i < people.size(); ++i) {
    const auto& r = *people[first + i];
    const std::size_t column = where.column + (i % across) * column_width;
    const std::size_t row = where.row + i / across;
    const auto [sign, colour] = mark_of(r);
    to.put(column, row, sign, {colour, true}, std::min(sign_columns, column_width));
    if (column_width > sign_columns)
      to.put(column + sign_columns, row, r.patient, {}, column_width - sign_columns - 1);
  }
  if (back < most_down)
    to.put_right(where.column, where.column + where.columns, where.row + where.rows - 1,
                 fmt::format(" {} more ", people.size() - first - across * where.rows),
                 {tone::faint, false, true});
  return back;
}

std::size_t draw_board(tui::canvas& to, area where, const board& b, std::size_t back) {
  constexpr std::size_t most_text_rows = 3;
  const auto next_row = [&] {
    ++where.row;
    --where.rows;
  };
  auto text = wrapped(printable(b.text), where.columns);
  if (text.size() > most_text_rows) {
    text.resize(most_text_rows);
    text.back() += "\xe2\x80\xa6";
  }
  for (const auto& part : text) {
    if (where.rows == 0) return back;
    to.put(where.column, where.row, part, {tone::accent}, where.columns);
    next_row();
  }
  if (where.rows == 0) return back;
  const bool is_whole = b.decrypted() == b.recipients.size();
  auto count = fmt::format("{} {} of {} have it", bar(b.decrypted(), b.recipients.size()),
                           b.decrypted(), b.recipients.size());
  if (const auto n = b.count(delivery_state::acknowledged); n > 0)
    count += fmt::format(", {} say so", n);
  to.put(where.column, where.row, count, {is_whole ? tone::good : tone::plain, true},
         where.columns);
  next_row();
  if (where.rows > 3) {
    next_row();
    --where.rows;
    to.put(where.column, where.row + where.rows, legend, {tone::faint}, where.columns);
  }
  return draw_names(to, where, b, back);
}

}  // namespace

std::size_t draw_panel(tui::canvas& to, const area& where, const model& m) {
  const std::size_t back = m.scrolled();
  if (where.rows == 0 || where.columns == 0) return back;
  const area below{where.column, where.row + 1, where.columns, where.rows - 1};
  const auto hint = [&](std::string_view text) {
    to.put(below.column, below.row, text, {tone::faint}, below.columns);
    return std::size_t{0};
  };
  switch (m.shown()) {
    case panel::desk:
      draw_heading(to, where, "Menu");
      return draw_lines(to, below, desk_lines(m, where.columns, below.rows + back), back);
    case panel::conversation: {
      const bed* who = m.selected();
      draw_heading(to, where, who == nullptr ? "Conversation" : "Conversation with " + who->id);
      if (who == nullptr) return hint("Up and Down choose a patient.");
      const auto lines = conversation_lines(m, where.columns, below.rows + back);
      if (lines.empty()) return hint("Nothing was written yet. Enter writes.");
      return draw_lines(to, below, lines, back);
    }
    case panel::board:
      break;
  }
  const auto& b = m.broadcast();
  if (!b) {
    draw_heading(to, where, "Last broadcast");
    return hint("There was none yet. 2 sends one.");
  }
  draw_heading(to, where,
               fmt::format("Broadcast {}, {}, {}", short_id(b->id), hours_and_minutes(b->created),
                           name(b->priority)));
  return draw_board(to, below, *b, back);
}

}  // namespace wardline::doctor::console
