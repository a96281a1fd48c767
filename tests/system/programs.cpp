#include "tests/system/programs.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>

#include "tests/support/catch.hpp"
#include "tests/system/binaries.hpp"

namespace wardline::test {
namespace {

void append(std::vector<std::string>& to, const std::vector<std::string>& more) {
  to.insert(to.end(), more.begin(), more.end());
}

std::string program(const char* variable, const char* built) {
  const char* const other = std::getenv(variable);
  return other == nullptr ? built : other;
}

void end_politely(event_program* running) {
  if (running == nullptr || running->program().has_ended()) return;
  running->program().signal(SIGTERM);
  CHECK(running->wait() == 0);
}

}  // namespace

// A line that is no JSON fails the test.
json event_program::parsed(const std::string& line) {
  history_.push_back(json::parse(line));
  return history_.back();
}
std::string doctor_binary() { return program("WARDLINE_DOCTOR", WARDLINE_DOCTOR_BINARY); }
std::string patient_binary() { return program("WARDLINE_PATIENT", WARDLINE_PATIENT_BINARY); }

json event_program::await(const std::string& name, const std::function<bool(const json&)>& fits) {
  const auto wanted = [&](const json& e) { return e.value("event", "") == name && fits(e); };
  const auto found = std::find_if(unclaimed_.begin(), unclaimed_.end(), wanted);
  if (found != unclaimed_.end()) {
    json out = std::move(*found);
    unclaimed_.erase(found);
    return out;
  }
  // One patience for all: a program that goes on saying other things does not renew it.
  const auto give_up = std::chrono::steady_clock::now() + process::patience;
  const auto left = [&] {
    return std::chrono::ceil<std::chrono::milliseconds>(give_up - std::chrono::steady_clock::now());
  };
  while (const auto line = process_.next_line(left())) {
    auto event = parsed(*line);
    if (wanted(event)) return event;
    unclaimed_.push_back(std::move(event));
  }
  std::string others;
  for (const auto& e : unclaimed_) others += e.dump() + "\n";
  FAIL("no event '" << name << "' came. Others:\n" << others << "Errors:\n" << process_.errors());
  return {};
}

int event_program::wait() {
  while (const auto line = process_.next_line()) unclaimed_.push_back(parsed(*line));
  return process_.wait();
}

std::size_t event_program::seen(const std::string& name) const {
  return static_cast<std::size_t>(
      std::count_if(unclaimed_.begin(), unclaimed_.end(),
                    [&](const json& e) { return e.value("event", "") == name; }));
}

doctor_program::doctor_program(std::string group, std::vector<std::string> options)
    : doctor_program({doctor_binary()}, std::move(group), std::move(options)) {}

doctor_program::doctor_program(std::vector<std::string> program, std::string group,
                               std::vector<std::string> options)
    : program_(std::move(program)), group_(std::move(group)), options_(std::move(options)) {
  start();
}

doctor_program::~doctor_program() { end_politely(running_.get()); }
patient_program::~patient_program() { end_politely(running_.get()); }

void doctor_program::start() {
  auto arguments = program_;
  append(arguments, {"--id", "dr-lee", "--data-dir", data_directory(), "--listen", listen_,
                     "--group", group_, "--no-menu"});
  append(arguments, options_);
  running_ = std::make_unique<event_program>(std::move(arguments));
  const auto event = running_->await("listening");
  address_ = event.at("address");
  fingerprint_ = event.at("fingerprint");
  listen_ = address_;
}

void doctor_program::stop(bool politely) {
  running_->program().signal(politely ? SIGTERM : SIGKILL);
  const int status = running_->wait();
  if (politely) CHECK(status == 0);
}

void doctor_program::restart(bool politely) {
  stop(politely);
  start();
}

std::uint16_t doctor_program::port() const {
  return static_cast<std::uint16_t>(std::stoi(address_.substr(address_.rfind(':') + 1)));
}

finished doctor_program::try_command(std::vector<std::string> words) {
  std::vector<std::string> arguments{doctor_binary()};
  append(arguments, words);
  append(arguments, {"--id", "dr-lee", "--data-dir", data_directory(), "--json"});
  return run_program(std::move(arguments));
}

json doctor_program::command(std::vector<std::string> words) {
  const auto out = try_command(std::move(words));
  INFO(out.output << out.errors);
  REQUIRE(out.status == 0);
  return json::parse(out.output);
}

std::string doctor_program::invite(const std::string& patient) {
  return command({"invite", patient, "--host", "127.0.0.1"}).at("invite");
}

void patient_program::start_with(std::vector<std::string> options) {
  start_as({patient_binary()}, std::move(options));
}

void patient_program::start_as(std::vector<std::string> program, std::vector<std::string> options) {
  auto arguments = std::move(program);
  append(arguments, options);
  append(arguments, {"--data-dir", data_directory(), "--no-menu"});
  running_ = std::make_unique<event_program>(std::move(arguments));
}

void patient_program::enroll(doctor_program& doctor, std::vector<std::string> options) {
  std::vector<std::string> all{"enroll", doctor.invite(id_)};
  append(all, options);
  start_with(std::move(all));
}

void patient_program::start(const doctor_program& doctor, std::vector<std::string> options) {
  std::vector<std::string> all{"--id",
                               id_,
                               "--doctor-id",
                               "dr-lee",
                               "--connect",
                               doctor.address(),
                               "--doctor-fingerprint",
                               doctor.fingerprint()};
  append(all, options);
  start_with(std::move(all));
}

void patient_program::sign_in(doctor_program& doctor) {
  enroll(doctor);
  events().await("authenticated");
  doctor.events().await("patient_authenticated", where("id", id_));
}

int patient_program::stop(int signal_number) {
  running_->program().signal(signal_number);
  return running_->wait();
}

void patient_program::kill() { stop(SIGKILL); }

std::function<bool(const json&)> where(const std::string& member, const json& value) {
  return [=](const json& e) { return e.contains(member) && e.at(member) == value; };
}

}  // namespace wardline::test
