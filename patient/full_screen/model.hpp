#pragma once

#include <algorithm>
#include <chrono>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "common/tui/input_line.hpp"
#include "common/tui/key.hpp"
#include "patient/situation.hpp"

/// The patient's full-screen console: what is on it (model), how it looks (view), and the two put
/// together with a terminal (full_screen_console).
namespace wardline::patient::full_screen {

/// What the person asks for by a key.
struct send_text {
  std::string text;
};
struct acknowledge {
  protocol::message_id message;
};
struct disconnect {};
struct leave {};
struct answer_doctor {
  bool is_theirs;
};
using wish = std::variant<send_text, acknowledge, disconnect, leave, answer_doctor>;

/// Where keys go.
enum class focus {
  inbox,    ///< letters and numbers are orders
  draft,    ///< what is typed is a message
  trust,    ///< what is typed answers whether this is the doctor
  leaving,  ///< the next key says whether to leave
  parting,  ///< likewise, to disconnect
};

/// What stands below the inbox.
enum class panel { message, fingerprints };

/// What the console knows, and what keys and events do to it. No terminal, no clock of its own.
class model {
 public:
  using time_point = situation::time_point;

  /// A message that has slid under the finger is not acknowledged by it.
  static constexpr milliseconds reading_time{700};
  static constexpr std::size_t max_notices = 50;

  model(std::string patient, situation now_going_on);

  void follow(const event& e, time_point now);

  /// The inbox has changed: newest first.
  void set_inbox(std::vector<inbox_message> messages, time_point now);

  /// Who is typing a message is asked when that has been left.
  void ask_for_doctor(const crypto::identity& stranger);

  /// What is to be done for it, if anything.
  std::optional<wish> press(const tui::key& k, time_point now);

  /// What `send_text` had could not be taken: it is there again.
  void put_back(const std::string& text);

  /// The picture has room for no more of the message than from this line on.
  void limit_scrolling(std::size_t furthest) { scrolled_ = std::min(scrolled_, furthest); }

  /// True once for each emergency that has come.
  bool take_bell() { return std::exchange(bell_, false); }

  // For the view.
  const std::string& patient() const noexcept { return patient_; }
  const patient::situation& going_on() const noexcept { return situation_; }
  const std::vector<inbox_message>& inbox() const noexcept { return inbox_; }
  const inbox_message* selected() const;
  std::size_t selected_row() const;  ///< 0 if there is none
  std::size_t scrolled() const noexcept { return scrolled_; }
  const std::deque<std::string>& notices() const noexcept { return notices_; }  ///< newest last
  focus where() const noexcept { return focus_; }
  panel shows() const noexcept { return panel_; }
  const tui::input_line& draft() const noexcept { return draft_; }
  const tui::input_line& answer() const noexcept { return answer_; }
  const std::optional<crypto::identity>& stranger() const noexcept { return stranger_; }
  /// The newest emergency that waits to be acknowledged.
  const inbox_message* open_emergency() const;

 private:
  std::optional<wish> press_in_inbox(const tui::key& k, time_point now);
  std::optional<wish> press_in_draft(const tui::key& k);
  std::optional<wish> press_in_trust(const tui::key& k);
  std::optional<wish> press_in_question(const tui::key& k, wish if_yes);
  std::optional<wish> acknowledge_selected(time_point now);
  bool browse(tui::key_name name);
  void select(std::size_t row);
  void turn_to(panel p);
  void leave_draft();
  void notice(const std::string& text);

  std::string patient_;
  patient::situation situation_;
  std::vector<inbox_message> inbox_;
  std::optional<protocol::message_id> selected_;
  bool is_chosen_ = false;             // by the person, and it is not the newest
  std::optional<time_point> slid_at_;  // the selection has moved by itself
  std::size_t scrolled_ = 0;
  std::deque<std::string> notices_;
  focus focus_ = focus::inbox;
  panel panel_ = panel::message;
  tui::input_line draft_;
  tui::input_line answer_;
  std::optional<crypto::identity> stranger_;
  bool bell_ = false;
};

/// It waits to be acknowledged, and holds.
bool is_open(const inbox_message& m);
/// It is to be seen and heard at once: an emergency of which the doctor has taken nothing back.
bool is_alarm(const inbox_message& m);

}  // namespace wardline::patient::full_screen
