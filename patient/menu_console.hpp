#pragma once

#include <string>
#include <vector>

#include "patient/console.hpp"
#include "patient/screen.hpp"

namespace wardline::patient {

/// For a person: a menu, and events in plain words.
class menu_console final : public console {
 public:
  menu_console(screen& out, std::string patient_id, const clock& time);

  void show(const event& e) override;
  bool can_ask() const override { return screen_.is_terminal(); }
  void ask_for_doctor(const crypto::identity& stranger) override;
  void on_line(const std::string& line, commands& to) override;

  /// The end of a terminal's input (Ctrl-D) means to leave. The end of a file or a pipe does not:
  /// somebody has to be there for the doctor's messages.
  void on_eof(commands& to) override;

 private:
  enum class expects { choice, text, message_number, yes_or_no };

  void choose(const std::string& line, commands& to);
  void show_inbox(commands& to);
  void acknowledge(const std::string& line, commands& to);
  void answer(const std::string& line, commands& to);
  void await(expects what);
  void show_menu();

  screen& screen_;
  std::string patient_;
  const clock& time_;
  std::string status_ = "not connected";  // what the prompt says
  expects expects_ = expects::choice;
  std::vector<protocol::message_id> listed_;  // the inbox as it was shown last
};

}  // namespace wardline::patient
