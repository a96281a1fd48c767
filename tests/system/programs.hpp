#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "tests/support/process.hpp"
#include "tests/support/temporary_directory.hpp"

/// The real programs, on loopback, in directories of their own.
namespace wardline::test {

using json = nlohmann::json;

/// A program that prints one JSON object a line.
class event_program {
 public:
  explicit event_program(std::vector<std::string> arguments) : process_(std::move(arguments)) {}

  /// The first event of this name (and for which `fits` holds) that no earlier call has taken.
  /// Fails the test if it does not come. Other events stay for later calls.
  json await(
      const std::string& name,
      const std::function<bool(const json&)>& fits = [](const json&) { return true; });

  /// Reads on until the program ends; its exit status.
  int wait();

  /// How many events of this name have been read and not taken.
  std::size_t seen(const std::string& name) const;

  /// Every event that has been read, taken or not.
  const std::vector<json>& history() const noexcept { return history_; }

  process& program() noexcept { return process_; }

 private:
  json parsed(const std::string& line);

  process process_;
  std::vector<json> history_;
  std::vector<json> unclaimed_;
};

/// A running gateway.
class doctor_program {
 public:
  explicit doctor_program(std::string group, std::vector<std::string> options = {});
  /// Another program than `doctor`, with arguments of its own before the usual ones.
  doctor_program(std::vector<std::string> program, std::string group,
                 std::vector<std::string> options);
  /// Ends it politely if it still runs: a finding of a sanitizer shows in its exit status.
  ~doctor_program();

  const std::string& address() const noexcept { return address_; }
  const std::string& fingerprint() const noexcept { return fingerprint_; }
  std::uint16_t port() const;
  std::string data_directory() const { return directory_.path().string(); }

  event_program& events() noexcept { return *running_; }

  /// `doctor WORDS... --json`, which must succeed: what it printed.
  json command(std::vector<std::string> words);
  /// The same, whatever comes of it.
  finished try_command(std::vector<std::string> words);

  std::string invite(const std::string& patient);

  /// Ends it (SIGTERM, or SIGKILL if not politely), and starts it again on the same port.
  void stop(bool politely = true);
  void start();
  void restart(bool politely = true);

 private:
  std::vector<std::string> program_;
  std::string group_;
  std::vector<std::string> options_;
  temporary_directory directory_;
  std::string listen_ = "127.0.0.1:0";
  std::string address_;
  std::string fingerprint_;
  std::unique_ptr<event_program> running_;
};

/// A patient, with a directory that outlives its runs.
class patient_program {
 public:
  explicit patient_program(std::string id) : id_(std::move(id)) {}
  ~patient_program();

  const std::string& id() const noexcept { return id_; }
  std::string data_directory() const { return directory_.path().string(); }

  void enroll(doctor_program& doctor, std::vector<std::string> options = {});
  /// Trusts the doctor by the fingerprint that it printed.
  void start(const doctor_program& doctor, std::vector<std::string> options = {});
  /// With nothing but what it was told.
  void start_with(std::vector<std::string> options);
  /// Another program than `patient`, likewise.
  void start_as(std::vector<std::string> program, std::vector<std::string> options);

  /// enroll, and the session is up at both ends.
  void sign_in(doctor_program& doctor);

  event_program& events() { return *running_; }
  void say(const std::string& line) { running_->program().write_line(line); }
  int stop(int signal_number);
  void kill();

 private:
  std::string id_;
  temporary_directory directory_;
  std::unique_ptr<event_program> running_;
};

/// A predicate on one text member.
std::function<bool(const json&)> where(const std::string& member, const json& value);

}  // namespace wardline::test
