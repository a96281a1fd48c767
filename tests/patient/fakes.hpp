#pragma once

#include <string>
#include <vector>

#include "patient/console.hpp"
#include "patient/screen.hpp"

namespace wardline::test {

/// Remembers every event.
class recording_console final : public patient::console {
 public:
  void show(const patient::event& e) override { events.push_back(e); }
  bool can_ask() const override { return false; }
  void ask_for_doctor(const crypto::identity&) override {}
  void on_line(const std::string&, patient::commands&) override {}
  void on_eof(patient::commands&) override {}

  /// All events of one kind, in order.
  template <class Event>
  std::vector<Event> all() const {
    std::vector<Event> out;
    for (const auto& e : events) {
      if (const auto* one = std::get_if<Event>(&e)) out.push_back(*one);
    }
    return out;
  }

  std::vector<patient::event> events;
};

/// Remembers what it was asked for.
class recording_commands final : public patient::commands {
 public:
  void send_text(const std::string& text) override { asked.push_back("send " + text); }
  void acknowledge(const protocol::message_id& id) override {
    asked.push_back("ack " + std::to_string(id.value[0]));
  }
  void disconnect() override { asked.emplace_back("disconnect"); }
  void exit() override { asked.emplace_back("exit"); }
  std::vector<patient::inbox_message> inbox(std::size_t) override { return messages; }
  void answer_doctor(bool is_theirs) override { asked.emplace_back(is_theirs ? "yes" : "no"); }

  std::vector<std::string> asked;
  std::vector<patient::inbox_message> messages;
};

/// A terminal of text.
class recording_screen final : public patient::screen {
 public:
  explicit recording_screen(bool is_terminal) : is_terminal_(is_terminal) {}
  void print(const std::string& text) override { printed += text + "\n"; }
  void set_prompt(const std::string& text) override { prompt = text; }
  bool is_terminal() const override { return is_terminal_; }

  std::string printed;
  std::string prompt;

 private:
  bool is_terminal_;
};

}  // namespace wardline::test
