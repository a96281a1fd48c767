#pragma once

#include "common/cli/event_writer.hpp"
#include "patient/console.hpp"

namespace wardline::patient {

/// For programs (`--no-menu`): one JSON object a line for every event, and words on standard
/// input: `send TEXT`, `ack MESSAGE_ID`, `disconnect`, `exit`.
class json_console final : public console {
 public:
  explicit json_console(int descriptor = 1) : out_(descriptor) {}

  void show(const event& e) override;

  /// Who reads JSON compares no fingerprints.
  bool can_ask() const override { return false; }
  void ask_for_doctor(const crypto::identity&) override {}

  void on_line(const std::string& line, commands& to) override;

  /// Nothing: it runs on until it is told to end, or by a signal.
  void on_eof(commands&) override {}

 private:
  cli::event_writer out_;
};

}  // namespace wardline::patient
