// The ward, on the left.
#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "doctor/console/view.hpp"

namespace wardline::doctor::console {
namespace {

using tui::style;
using tui::tone;

struct mark {
  std::string_view sign;
  tone colour;
};

// By the sign alone it can be told, too.
mark mark_of(presence p) {
  switch (p) {
    case presence::here:
      return {"\xe2\x97\x8f", tone::good};  // a full circle
    case presence::away:
      return {"\xe2\x97\x8b", tone::warning};  // an empty one
    case presence::blocked:
      return {"\xc3\x97", tone::alarm};  // a cross
    case presence::unknown:
      break;
  }
  return {"?", tone::faint};
}

/// "now", "5 min", "3 h", "2 d", "never"
std::string seen(const bed& b, unix_ms now) {
  if (b.state == presence::here) return "now";
  if (!b.last_seen) return "never";
  const unix_ms s = now > *b.last_seen ? (now - *b.last_seen) / 1000 : 0;
  if (s < 60) return fmt::format("{} s", s);
  if (s < 3600) return fmt::format("{} min", s / 60);
  if (s < 86'400) return fmt::format("{} h", s / 3600);
  return fmt::format("{} d", s / 86'400);
}

std::string number(std::size_t n) {
  if (n == 0) return {};
  return n > 9999 ? ">9999" : std::to_string(n);
}

// The columns end there, counted from the right edge of the area.
constexpr std::size_t seen_ends = 14;
constexpr std::size_t unread_ends = 7;

void draw_heading(tui::canvas& to, const area& where) {
  const style look{tone::plain, true};
  const std::size_t end = where.column + where.columns;
  to.put(where.column + 1, where.row, "Ward", look);
  to.put_right(where.column, end - seen_ends, where.row, "seen", look);
  to.put_right(where.column, end - unread_ends, where.row, "unread", look);
  to.put_right(where.column, end, where.row, "unconf", look);
}

void draw_bed(tui::canvas& to, const area& where, std::size_t row, const bed& b, bool is_selected,
              unix_ms now) {
  const std::size_t end = where.column + where.columns;
  const auto look = [&](tone t, bool bold = false) { return style{t, bold, is_selected}; };
  to.fill(where.column, row, "", look(tone::plain), where.columns);
  const auto [sign, colour] = mark_of(b.state);
  to.put(where.column + 1, row, sign, look(colour, true));
  const std::size_t name = where.column + 3;
  const std::size_t name_end = end - seen_ends - 7;
  to.put(name, row, b.id, look(tone::plain, b.unread > 0), name_end - name);
  to.put_right(name_end, end - seen_ends, row, seen(b, now),
               look(b.state == presence::here ? tone::plain : tone::faint));
  to.put_right(name_end, end - unread_ends, row, number(b.unread), look(tone::accent, true));
  to.put_right(name_end, end, row, number(b.unconfirmed), look(tone::warning));
}

}  // namespace

void draw_ward(tui::canvas& to, const area& where, const model& m, unix_ms now) {
  draw_heading(to, where);
  const auto rows = m.ward();
  const std::size_t first_row = where.row + 1;
  const std::size_t room = where.rows - 1;
  if (rows.empty()) {
    to.put(where.column + 1, first_row, "Nobody is enrolled.", {tone::faint}, where.columns - 1);
    to.put(where.column + 1, first_row + 1, "7 invites a patient.", {tone::faint},
           where.columns - 1);
    return;
  }
  const bed* selected = m.selected();
  const auto at = std::find(rows.begin(), rows.end(), selected);
  const auto chosen = at == rows.end() ? 0 : static_cast<std::size_t>(at - rows.begin());
  // The last row says how many there is no room for.
  const std::size_t shown = rows.size() <= room ? rows.size() : room - 1;
  const std::size_t first = chosen < shown ? 0 : chosen - shown + 1;
  for (std::size_t i = 0; i < shown; ++i)
    draw_bed(to, where, first_row + i, *rows[first + i],
             rows[first + i] == selected && m.shown() == panel::conversation, now);
  if (shown < rows.size())
    to.put(where.column + 1, first_row + shown,
           fmt::format("{} - {} of {}", first + 1, first + shown, rows.size()), {tone::faint},
           where.columns - 1);
}

}  // namespace wardline::doctor::console
