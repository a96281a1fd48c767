#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/cli/logger.hpp"
#include "doctor/events.hpp"
#include "doctor/gateway.hpp"

/// The doctor's full-screen console: the menu with the ward beside it.
namespace wardline::doctor::console {

enum class presence : std::uint8_t { here, away, unknown, blocked };

/// One patient on the left.
struct bed {
  std::string id;
  presence state = presence::unknown;
  std::optional<unix_ms> last_seen;
  std::size_t unread = 0;  ///< messages since the console began that the doctor has not looked at
  std::size_t unconfirmed = 0;  ///< what the patient has yet to decrypt
};

/// Something that was written, one way or the other.
struct utterance {
  unix_ms at;
  bool is_ours;
  protocol::priority priority;
  std::string text;
  std::optional<delivery_state> state;  ///< of ours
};

struct recipient {
  std::string patient;
  delivery_state state;
  bool is_overdue;
};

/// Who has got the last broadcast.
struct board {
  protocol::message_id id;
  unix_ms created;
  protocol::priority priority;
  std::string text;
  std::vector<recipient> recipients;  ///< by name

  std::size_t count(delivery_state state) const;
  std::size_t decrypted() const;  ///< or acknowledged
};

/// A line of the events.
struct notice {
  std::string text;
  cli::log_level level;
};

/// What stands on the right: what the menu says, what was written, or the last broadcast.
enum class panel : std::uint8_t { desk, conversation, board };

/// All that the console shows. It is told what happens, and neither asks nor draws.
class model {
 public:
  static constexpr std::size_t max_notices = 500;
  static constexpr std::size_t max_desk_lines = 2000;
  static constexpr std::size_t max_messages = 500;    ///< of patients, in all
  static constexpr std::size_t max_kept_text = 4096;  ///< bytes of one of them, or of a notice

  void set_status(const gateway_status& s) { status_ = s; }
  void set_patients(const std::vector<patient_row>& rows);
  void set_waiting(const std::vector<waiting_row>& rows);
  void set_board(const message_summary& m);
  /// What the doctor wrote to `patient`.
  void set_written(const std::string& patient, const std::vector<message_summary>& messages);
  /// What a patient wrote before the console began.
  void remember(const incoming& m) { keep(m.from, m.received, m.content); }

  /// True if it rings: an emergency from a patient, or a message that is overdue.
  bool on_event(const event& e, unix_ms now);
  void say(std::string text, cli::log_level level);
  /// What the menu prints.
  void print(const std::string& text);

  void show(panel p);
  void show_next_panel();
  panel shown() const noexcept { return shown_; }
  /// The patient that many places further down, or up; from nobody to the first.
  void select(int by);
  const bed* selected() const;
  /// Looks that many lines back in what stands on the right.
  void scroll(int by);
  /// There is no more to look back to.
  void limit_scrolling(std::size_t furthest) { scrolled_ = std::min(scrolled_, furthest); }
  std::size_t scrolled() const noexcept { return scrolled_; }

  /// The doctor has looked at what was blocked.
  void forget_blocked() { blocked_.clear(); }

  const std::optional<gateway_status>& status() const noexcept { return status_; }
  /// Who is here comes first, then by name.
  std::vector<const bed*> ward() const;
  const std::vector<std::string>& waiting() const noexcept { return waiting_; }
  const std::vector<std::string>& blocked() const noexcept { return blocked_; }
  const std::optional<board>& broadcast() const noexcept { return board_; }
  const std::deque<notice>& notices() const noexcept { return notices_; }
  const std::deque<std::string>& desk() const noexcept { return desk_; }
  std::size_t unread() const;

  /// What was written with the selected patient, oldest first.
  std::vector<utterance> conversation() const;

 private:
  struct note {
    std::string from;
    utterance what;
  };

  bed* find(const std::string& id);
  void keep(const std::string& from, unix_ms at, const protocol::content& content);
  void look();

  std::optional<gateway_status> status_;
  std::vector<bed> ward_;  // by name: a storm of sign-ins looks each of them up
  std::map<std::string, std::size_t> unread_;
  std::vector<std::string> waiting_;
  std::vector<std::string> blocked_;  // "mallory at 10.0.0.9", the latest last
  std::optional<board> board_;
  std::deque<notice> notices_;
  std::deque<std::string> desk_;
  std::deque<note> written_by_patients_;
  std::string written_to_;  // whom the next is for
  std::vector<utterance> written_;
  std::string selected_;
  panel shown_ = panel::desk;
  std::size_t scrolled_ = 0;
};

}  // namespace wardline::doctor::console
