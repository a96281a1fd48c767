#pragma once

#include <string>
#include <vector>

#include "patient/events.hpp"

namespace wardline::patient {

/// What a person or a program can ask of the client. What cannot be done is shown as a `problem`.
class commands {
 public:
  virtual void send_text(const std::string& text) = 0;
  virtual void acknowledge(const protocol::message_id& id) = 0;

  /// Ends the session and comes back no more.
  virtual void disconnect() = 0;

  /// Ends the program, saying goodbye first.
  virtual void exit() = 0;

  /// Newest first; empty if it cannot be read.
  virtual std::vector<inbox_message> inbox(std::size_t limit) = 0;

  /// The answer to `console::ask_for_doctor`.
  virtual void answer_doctor(bool is_theirs) = 0;

 protected:
  ~commands() = default;
};

/// Where events are shown and commands come from: a menu, or JSON lines.
class console {
 public:
  virtual ~console() = default;

  virtual void show(const event& e) = 0;

  /// Whether there is a person to ask.
  virtual bool can_ask() const = 0;

  /// Asks whether this is the person's doctor; `commands::answer_doctor` has the answer.
  virtual void ask_for_doctor(const crypto::identity& stranger) = 0;

  virtual void on_line(const std::string& line, commands& to) = 0;

  /// Standard input has ended.
  virtual void on_eof(commands& to) = 0;
};

}  // namespace wardline::patient
