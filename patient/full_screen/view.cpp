#include "patient/full_screen/view.hpp"

#include <algorithm>

#include "common/cli/time_text.hpp"
#include "common/util/text_encoding.hpp"
#include "common/util/text_width.hpp"
#include "patient/event_words.hpp"
#include "patient/wording.hpp"

namespace wardline::patient::full_screen {
namespace {

using tui::canvas;
using tui::style;
using tui::tone;

constexpr style plain{};
constexpr style faint{tone::faint, false, false};
constexpr style bold{tone::plain, true, false};
constexpr style bar{tone::accent, true, true};
constexpr style alarm{tone::alarm, true, true};

constexpr std::size_t tallest_draft = 3;
constexpr std::size_t tallest_notices = 3;

/// Rows of the screen, from `top` on: `rows` of them.
struct part {
  std::size_t top = 0;
  std::size_t rows = 0;
};

/// "11-21 17:20"
std::string short_time(unix_ms t) {
  const auto whole = cli::local_text(t);
  return whole.size() < 16 ? whole : whole.substr(5, 11);
}

std::string_view mark_of(const inbox_message& m) {
  if (is_alarm(m)) return "!!";
  return m.content.priority == protocol::priority::urgent && m.at.holds() ? "! " : "  ";
}

std::string state_of(const inbox_message& m, unix_ms wall) {
  if (m.at.came_late) return "not shown";
  if (m.at.cancelled_by) return "CANCELLED";
  if (m.at.corrected_by) return "CORRECTED";
  if (m.acknowledged_at) return "acknowledged";
  return m.expired_at(wall) ? "expired" : "not acknowledged";
}

/// What the row of a message says of it.
std::string row_words(const inbox_message& m) {
  std::string out = short_time(m.content.created);
  out += m.is_broadcast ? "  to all  " : "  to you  ";
  if (m.at.came_late) return out + "(came after the doctor had taken it back)";
  if (m.content.is_cancellation()) out += "[cancellation] ";
  if (m.content.is_amendment() && !m.content.is_cancellation()) out += "[correction] ";
  if (!m.at.holds()) out += "[no longer holds] ";
  if (!m.content.has_text()) return out + "(" + std::string(name(m.content.type)) + ")";
  return out + std::string(text_of(m.content));
}

std::string words_of(const inbox_message& m) {
  std::string out;
  if (m.at.cancelled_by && !m.at.came_late)
    out = "THE DOCTOR HAS CANCELLED THIS: it no longer holds.\n";
  else if (m.at.corrected_by && !m.at.came_late)
    out = "THE DOCTOR HAS CORRECTED THIS by a later message: it no longer holds.\n";
  return out + words_for(message_received{m, false});
}

/// Twelve groups of five digits, four in a line.
std::string in_lines(const crypto::fingerprint& key) {
  constexpr std::size_t line = 24;  // four groups with a space behind each
  const auto digits = crypto::to_digits(key);
  std::string out;
  for (std::size_t at = 0; at < digits.size(); at += line)
    out += "  " + digits.substr(at, line) + "\n";
  return out;
}

std::string fingerprint_words(const model& m) {
  const auto& now = m.going_on();
  if (m.stranger()) {
    return "This doctor is not known yet: " + m.stranger()->id + ", with the fingerprint\n" +
           in_lines(crypto::fingerprint_of(*m.stranger())) +
           "Ask your doctor, by telephone or face to face, to read theirs to you. Type yes only if "
           "all twelve groups are the same.\nIf a digit differs, somebody else has answered.";
  }
  std::string out = "The doctor's fingerprint is not known yet.\n";
  if (now.doctor_key()) {
    out = "The fingerprint of " + now.doctor() + ":\n" + in_lines(*now.doctor_key()) +
          "It must be the one that your doctor shows or reads to you, all twelve groups.\n"
          "If a digit differs, somebody else has answered: leave, and call the doctor.\n";
  }
  if (now.own_key()) {
    out += "Yours, which the doctor compares before you are let in:\n" + in_lines(*now.own_key());
  }
  return out;
}

/// The words in lines, of which those from `first` on are shown; the last says that there are more.
/// Returns the furthest that `first` can be.
std::size_t put_lines(canvas& to, part at, const std::vector<std::string>& lines, std::size_t first,
                      style look) {
  if (at.rows == 0) return 0;
  const auto furthest = lines.size() > at.rows ? lines.size() - at.rows : 0;
  first = std::min(first, furthest);
  for (std::size_t i = 0; i < at.rows && first + i < lines.size(); ++i) {
    const bool hides_more = i + 1 == at.rows && first + at.rows < lines.size();
    to.put(1, at.top + i, hides_more ? "(more: PgDn)" : lines[first + i], hides_more ? faint : look,
           to.extent().columns - 2);
  }
  return furthest;
}

class painter {
 public:
  painter(const model& m, tui::size extent, model::time_point now, unix_ms wall)
      : model_(m), now_(now), wall_(wall), out_(extent) {}

  picture draw() {
    lay_out();
    draw_top();
    draw_inbox();
    draw_panel();
    draw_notices();
    draw_entry();
    return {std::move(out_), furthest_};
  }

 private:
  std::size_t columns() const { return out_.extent().columns; }
  std::size_t text_width() const { return std::max<std::size_t>(columns(), 4) - 2; }

  std::string prompt() const {
    switch (model_.where()) {
      case focus::trust:
        return "Is this your doctor? (yes/no): ";
      case focus::leaving:
        return "Leave? Messages then wait at the doctor's. (y/n): ";
      case focus::parting:
        return "Disconnect, and not come back by itself? (y/n): ";
      case focus::draft:
        return "Message to the doctor: ";
      case focus::inbox:
        break;
    }
    return model_.draft().empty() ? "" : "Not sent yet: ";
  }
  const tui::input_line& entry() const {
    return model_.where() == focus::trust ? model_.answer() : model_.draft();
  }
  bool asks_for_a_key() const {
    return model_.where() == focus::leaving || model_.where() == focus::parting;
  }

  // From the bottom and the top inwards, so that what gets no room is in the middle.
  void lay_out() {
    entry_words_ = entry().laid_out(columns(), display_width(prompt()));
    std::size_t left = out_.extent().rows;
    const auto take = [&left](std::size_t wanted) {
      const auto n = std::min(left, wanted);
      left -= n;
      return n;
    };
    entry_.rows = take(asks_for_a_key() ? 1 : std::min(entry_words_.rows.size(), tallest_draft));
    state_.rows = take(wrapped(model_.going_on().words(now_), text_width()).size() > 1 ? 2 : 1);
    banner_.rows = take(model_.open_emergency() != nullptr ? 1 : 0);
    keys_.rows = take(1);
    title_.rows = take(1);
    notice_lines();
    // The message comes before the list of them, and both before what is over.
    inbox_.rows = take(std::min(model_.inbox().size() + 1, std::max<std::size_t>(left / 3, 2)));
    notices_.rows = std::min({left / 3, notices_words_.size(), tallest_notices});
    left -= notices_.rows;
    panel_.rows = left;

    std::size_t row = 0;
    for (auto* p : {&title_, &state_, &banner_, &inbox_, &panel_, &notices_, &entry_, &keys_}) {
      p->top = row;
      row += p->rows;
    }
  }

  void notice_lines() {
    // The newest is last, and is whole.
    const auto& all = model_.notices();
    for (auto n = all.rbegin(); n != all.rend() && notices_words_.size() < tallest_notices; ++n) {
      auto lines = wrapped(*n, text_width());
      notices_words_.insert(notices_words_.begin(), lines.begin(), lines.end());
    }
  }

  void draw_top() {
    if (title_.rows != 0) {
      out_.fill(0, title_.top, " " + model_.patient(), bar);
      out_.put_right(2 + model_.patient().size(), columns(), title_.top, "Wardline ", bar);
    }
    const style look{model_.going_on().is_signed_in() ? tone::good : tone::warning, true, false};
    put_lines(out_, state_, wrapped(model_.going_on().words(now_), text_width()), 0, look);
    if (banner_.rows != 0)
      out_.fill(0, banner_.top,
                " *** EMERGENCY *** Not acknowledged yet. e shows it, a acknowledges.", alarm);
  }

  void draw_inbox() {
    if (inbox_.rows == 0) return;
    const auto& all = model_.inbox();
    const auto open = std::count_if(all.begin(), all.end(), is_open);
    std::string head = " Inbox: empty";
    if (!all.empty()) {
      head = " Inbox: " + std::to_string(all.size()) + (all.size() == 1 ? " message" : " messages");
      if (open != 0) head += ", " + std::to_string(open) + " not acknowledged";
    }
    out_.fill(0, inbox_.top, head, bar);
    const std::size_t room = inbox_.rows - 1;
    if (room == 0) return;
    const auto selected = model_.selected_row();
    const auto first = selected < room ? 0 : selected - room + 1;
    for (std::size_t i = 0; i < room && first + i < all.size(); ++i)
      draw_row(inbox_.top + 1 + i, all[first + i], first + i == selected);
  }

  void draw_row(std::size_t row, const inbox_message& m, bool is_selected) {
    const auto state = state_of(m, wall_);
    const auto state_width = display_width(state) + 2;
    style look = is_alarm(m) && is_open(m) ? style{tone::alarm, true, false} : plain;
    look.bold = look.bold || is_open(m);
    look.reverse = is_selected;
    const auto room = columns() > state_width + 30 ? columns() - state_width : columns();
    out_.fill(0, row, "", look);
    out_.put(0, row, (is_selected ? ">" : " ") + std::string(mark_of(m)) + " " + row_words(m), look,
             room);
    if (room < columns()) out_.put_right(room, columns() - 1, row, state, look);
  }

  void draw_panel() {
    if (panel_.rows == 0) return;
    const bool fingerprints = model_.shows() == panel::fingerprints;
    const auto* m = model_.selected();
    out_.fill(0, panel_.top, fingerprints ? " Fingerprint" : " Message", bar);
    const part body{panel_.top + 1, panel_.rows - 1};
    const auto words = fingerprints   ? fingerprint_words(model_)
                       : m != nullptr ? words_of(*m)
                                      : std::string("What the doctor sends is shown here.");
    const bool rings = !fingerprints && m != nullptr && is_alarm(*m) && is_open(*m);
    furthest_ = put_lines(out_, body, wrapped(printable(words), text_width()), model_.scrolled(),
                          rings ? bold : plain);
  }

  void draw_notices() {
    const auto hidden = notices_words_.size() - std::min(notices_words_.size(), notices_.rows);
    for (std::size_t i = 0; i < notices_.rows; ++i)
      out_.put(1, notices_.top + i, notices_words_[hidden + i], faint, text_width());
  }

  void draw_entry() {
    if (entry_.rows != 0) {
      const auto words = prompt();
      const bool is_typed_in = model_.where() == focus::draft || model_.where() == focus::trust;
      const style look = is_typed_in || asks_for_a_key() ? bold : faint;
      const auto indent = display_width(words);
      out_.put(0, entry_.top, words, look);
      if (asks_for_a_key()) return draw_keys();
      // The rows around the cursor.
      const auto last = std::max(entry_words_.cursor_row + 1, entry_.rows);
      const auto first = last - entry_.rows;
      if (first != 0) out_.fill(0, entry_.top, "", plain);
      for (std::size_t i = 0; i < entry_.rows && first + i < entry_words_.rows.size(); ++i)
        out_.put(first + i == 0 ? indent : 0, entry_.top + i, entry_words_.rows[first + i],
                 is_typed_in ? plain : faint);
      if (is_typed_in) {
        out_.show_cursor(entry_words_.cursor_column + (entry_words_.cursor_row == 0 ? indent : 0),
                         entry_.top + entry_words_.cursor_row - first);
      }
    }
    draw_keys();
  }

  void draw_keys() {
    if (keys_.rows == 0) return;
    std::string_view words =
        " a Acknowledge  3 Write  4 Inbox  f Fingerprint  1 Disconnect  2 Exit";
    if (model_.where() == focus::draft)
      words = model_.stranger() ? " Enter Send  Esc Answer the question (what you typed stays)"
                                : " Enter Send  Esc Back to the inbox (what you typed stays)";
    if (model_.where() == focus::trust) words = " Enter Answer";
    if (asks_for_a_key()) words = " y Yes  any other key No";
    out_.fill(0, keys_.top, words, bar);
  }

  const model& model_;
  model::time_point now_;
  unix_ms wall_;
  canvas out_;
  std::size_t furthest_ = 0;
  tui::input_line::layout entry_words_{{}, 0, 0};
  std::vector<std::string> notices_words_;
  part title_, state_, banner_, inbox_, panel_, notices_, entry_, keys_;
};

}  // namespace

picture picture_of(const model& m, tui::size extent, model::time_point now, unix_ms wall) {
  return painter(m, extent, now, wall).draw();
}

}  // namespace wardline::patient::full_screen
