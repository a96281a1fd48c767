#include "doctor/console/view.hpp"

#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "common/cli/time_text.hpp"
#include "common/util/text_encoding.hpp"
#include "common/util/text_width.hpp"

namespace wardline::doctor::console {
namespace {

using tui::style;
using tui::tone;

constexpr std::size_t most_input_rows = 4;
constexpr std::size_t most_prompt_rows = 3;
// A question that leaves less room beside it stands above what is typed.
constexpr std::size_t least_beside_prompt = 20;

std::string time_of_day(unix_ms t) {
  const auto text = cli::local_text(t);
  return text.substr(text.find(' ') + 1);
}

/// "bob, carol and 3 more"
std::string some_of(const std::vector<std::string>& names) {
  constexpr std::size_t named = 3;
  if (names.size() <= named) return fmt::format("{}", fmt::join(names, ", "));
  return fmt::format("{} and {} more", fmt::join(names.begin(), names.begin() + named, ", "),
                     names.size() - named);
}

void draw_title(tui::canvas& to, const area& where, const model& m, unix_ms now) {
  const style bar{tone::plain, true, true};
  const auto& s = m.status();
  to.fill(0, where.row, s ? fmt::format(" {}  {}", s->id, s->address) : std::string(), bar);
  if (!s) return;
  const auto right =
      fmt::format("{} of {} here   {} ", s->connected, s->enrolled, time_of_day(now));
  const std::size_t left = 2 + s->id.size();
  to.put_right(left, where.columns, where.row, "  " + right, bar);
}

// What the doctor should look at, the most urgent first; each with the choice that deals with it.
void draw_needs(tui::canvas& to, const area& where, const model& m) {
  if (where.rows == 0) return;
  std::vector<std::pair<std::string, tone>> needs;
  if (const auto& s = m.status(); s && s->overdue > 0)
    needs.emplace_back(
        fmt::format("! {} message{} overdue (8)", s->overdue, s->overdue == 1 ? "" : "s"),
        tone::alarm);
  if (!m.waiting().empty())
    needs.emplace_back(fmt::format("! waiting: {} (6)", some_of(m.waiting())), tone::warning);
  if (!m.blocked().empty())
    needs.emplace_back(
        m.blocked().size() == 1
            ? fmt::format("! blocked: {} (9)", m.blocked().back())
            : fmt::format("! blocked {} times: {} (9)", m.blocked().size(), m.blocked().back()),
        tone::alarm);
  if (const auto n = m.unread(); n > 0)
    needs.emplace_back(fmt::format("{} unread", n), tone::accent);
  if (needs.empty()) {
    to.put(1, where.row, "Nothing needs you.", {tone::faint}, where.columns - 1);
    return;
  }
  std::size_t at = 1;
  for (const auto& [text, colour] : needs) at += to.put(at, where.row, text, {colour, true}) + 3;
}

void draw_events(tui::canvas& to, const area& where, const model& m) {
  if (where.rows == 0) return;
  std::string rule;
  for (std::size_t i = 0; i < where.columns; ++i) rule += "\xe2\x94\x80";
  to.put(0, where.row, rule, {tone::faint});
  to.put(1, where.row, " Events ", {tone::plain, true});
  // From below: the latest stands last, whole.
  std::size_t row = where.row + where.rows;
  for (auto n = m.notices().rbegin(); n != m.notices().rend() && row > where.row + 1; ++n) {
    const auto lines = wrapped(printable(n->text), where.columns - 2);
    const tone colour = n->level == cli::log_level::error     ? tone::alarm
                        : n->level == cli::log_level::warning ? tone::warning
                                                              : tone::plain;
    std::size_t shown = std::min(lines.size(), row - where.row - 1);
    for (std::size_t i = shown; i > 0; --i) {
      // What does not fit of a long one is its end.
      const bool is_cut = i == shown && shown < lines.size();
      to.put(1, --row, is_cut ? lines[i - 1] + "\xe2\x80\xa6" : lines[i - 1], {colour},
             where.columns - 2);
    }
  }
}

void draw_keys(tui::canvas& to, const area& where) {
  if (where.rows == 0) return;
  constexpr std::string_view all =
      "1 list  2 broadcast  3 disconnect  4 exit  5 message  6 waiting  7 invite  8 deliveries "
      " "
      "9 block  ! emergency  ? help";
  constexpr std::string_view some =
      "1 list  2 broadcast  5 message  6 waiting  8 deliveries  ! emergency  ? help";
  to.fill(0, where.row, " " + std::string(where.columns > all.size() ? all : some),
          {tone::plain, false, true});
}

/// The question in rows, and the column of the last at which the typing begins.
struct question {
  std::vector<std::string> rows;
  std::size_t indent;
};

question ask(const std::string& prompt, std::size_t columns) {
  question out{wrapped(printable(prompt), columns), 0};
  if (out.rows.size() > most_prompt_rows) out.rows.resize(most_prompt_rows);
  out.indent = display_width(out.rows.back());
  // A space at the end may have gone into the break.
  if (prompt.ends_with(' ') && !out.rows.back().ends_with(' ')) ++out.indent;
  if (out.indent + std::min(least_beside_prompt, columns / 2) > columns) {
    out.rows.emplace_back("> ");
    out.indent = 2;
  }
  return out;
}

std::size_t input_rows(const question& q, const tui::input_line::layout& l) {
  return q.rows.size() - 1 + std::min(l.rows.size(), most_input_rows);
}

void draw_input(tui::canvas& to, const area& where, const question& q,
                const tui::input_line::layout& l) {
  // If there is no room for all, the last rows of the question, and those about the cursor.
  const std::size_t typed = std::min({l.rows.size(), most_input_rows, where.rows});
  const std::size_t asked = std::min(q.rows.size() - 1, where.rows - typed);
  std::size_t row = where.row;
  for (std::size_t i = q.rows.size() - 1 - asked; i + 1 < q.rows.size(); ++i)
    to.put(0, row++, q.rows[i], {tone::accent, true});
  const std::size_t first = l.cursor_row >= typed ? l.cursor_row - typed + 1 : 0;
  for (std::size_t i = first; i < first + typed && i < l.rows.size(); ++i, ++row) {
    std::size_t column = 0;
    if (i == 0) {
      to.put(0, row, q.rows.back(), {tone::accent, true});
      column = q.indent;
    }
    to.put(column, row, l.rows[i]);
    if (i == l.cursor_row) to.show_cursor(column + l.cursor_column, row);
  }
}

}  // namespace

picture draw(const model& m, const typing& t, const tui::size& screen, unix_ms now) {
  picture whole{tui::canvas(screen), m.scrolled()};
  auto& out = whole.screen;
  if (screen.columns == 0 || screen.rows == 0) return whole;
  const auto q = ask(t.prompt, screen.columns);
  const auto typed = t.line.laid_out(screen.columns, q.indent);
  const auto where = lay_out(screen, input_rows(q, typed));
  if (where.title.rows > 0) draw_title(out, where.title, m, now);
  draw_needs(out, where.needs, m);
  if (where.ward.rows > 0) {
    draw_ward(out, where.ward, m, now);
    for (std::size_t r = 0; r < where.ward.rows; ++r)
      out.put(where.ward.columns + 1, where.ward.row + r, "\xe2\x94\x82", {tone::faint});
  }
  whole.scrolled = draw_panel(out, where.panel, m);
  draw_events(out, where.events, m);
  draw_keys(out, where.keys);
  draw_input(out, where.input, q, typed);
  return whole;
}

std::size_t panel_columns(const tui::size& screen) { return lay_out(screen, 1).panel.columns; }

}  // namespace wardline::doctor::console
