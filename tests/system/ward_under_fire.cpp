#include "tests/system/ward_under_fire.hpp"

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <iostream>

#include <nlohmann/json.hpp>

#include "common/crypto/random.hpp"
#include "common/net/address.hpp"
#include "doctor/control/client.hpp"
#include "patient/records/records.hpp"
#include "tests/support/catch.hpp"

namespace wardline::test {
namespace {

using clock_type = std::chrono::steady_clock;
using json = nlohmann::json;
namespace control = doctor::control;

// A person waits for so long; then the program is started anew.
constexpr milliseconds patience_of_persons{150};
constexpr milliseconds pause_of_operator{is_sanitized ? 200 : 30};
constexpr milliseconds pause_of_persons{is_sanitized ? 1'000 : 200};

/// What a program that was killed says last may be half a line.
std::optional<json> parse(const std::string& line) {
  auto event = json::parse(line, nullptr, false);
  if (event.is_discarded() || !event.is_object()) return std::nullopt;
  return event;
}

}  // namespace

std::uint64_t number_from_environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nobody changes it
  return text == nullptr ? otherwise : std::stoull(text);
}

std::uint64_t announce_seed(const std::string& whose) {
  const auto seed = number_from_environment("WARDLINE_SEED", std::random_device{}());
  std::cout << whose << ": WARDLINE_SEED=" << seed << std::endl;
  return seed;
}

ward_under_fire::ward_under_fire(std::uint64_t seed, unsigned patients)
    : random_(seed), operators_random_(seed + 1) {
  start_gateway();
  for (unsigned i = 1; i <= patients; ++i) {
    patients_.emplace_back().id = "p" + std::to_string(i);
    enrol(patients_.back());
  }
  operator_ = std::thread([this] { operate(); });
}

ward_under_fire::~ward_under_fire() {
  operating_ = false;
  if (operator_.joinable()) operator_.join();
}

milliseconds ward_under_fire::up_to(int most) {
  return milliseconds(std::uniform_int_distribution<int>(0, most)(random_));
}

std::uint16_t ward_under_fire::port() const { return net::parse_address(listen_).port; }

std::unique_ptr<process> ward_under_fire::spawn_gateway() {
  // Many sign-ins from one address, and none of them an attack.
  return std::make_unique<process>(
      std::vector<std::string>{WARDLINE_DOCTOR_BINARY, "--id", "dr-lee", "--data-dir",
                               directory_.path().string(), "--listen", listen_, "--group",
                               "ristretto255", "--no-menu", "--heartbeat", "2", "--handshake-rate",
                               "1000", "--handshake-burst", "1000", "--max-failures", "1000000"},
      &bell_);
}

void ward_under_fire::start_gateway() {
  gateway_ = spawn_gateway();
  while (const auto line = gateway_->next_line()) {
    const auto event = parse(*line);
    REQUIRE(event.has_value());
    on_gateway_event(*event);
    if (event->at("event") != "listening") continue;
    listen_ = event->at("address");
    fingerprint_ = event->at("fingerprint");
    gateway_is_up_ = true;
    check_audit();
    return;
  }
  FAIL("the gateway does not start: " << gateway_->errors());
}

void ward_under_fire::start_and_kill_gateway(milliseconds killed_after) {
  gateway_ = spawn_gateway();
  gateway_is_up_ = true;
  live_for(killed_after);
  kill_gateway();
}

void ward_under_fire::kill_gateway() {
  gateway_->signal(SIGKILL);
  REQUIRE(gateway_->wait() == 128 + SIGKILL);
  while (read_gateway()) continue;
  gateway_is_up_ = false;
  ++evidence_.gateway_crashes;
}

void ward_under_fire::enrol(person& p) {
  control::invite_request wanted;
  wanted.patient = p.id;
  wanted.host = "127.0.0.1";
  nlohmann::ordered_json answer;
  REQUIRE(control::ask(directory_.path(), wanted, answer));
  p.program = std::make_unique<process>(
      std::vector<std::string>{WARDLINE_PATIENT_BINARY, "enroll",
                               answer.at("invite").get<std::string>(), "--data-dir",
                               p.directory.path().string(), "--no-menu"},
      &bell_);
  while (!p.in_session) {
    const auto line = p.program->next_line();
    if (!line) FAIL(p.id << " is not let in: " << p.program->errors());
    if (const auto event = parse(*line)) on_event(p, *event);
  }
}

void ward_under_fire::start(person& p) {
  p.program = std::make_unique<process>(
      std::vector<std::string>{WARDLINE_PATIENT_BINARY, "--id", p.id, "--doctor-id", "dr-lee",
                               "--connect", route_.empty() ? listen_ : route_,
                               "--doctor-fingerprint", fingerprint_, "--data-dir",
                               p.directory.path().string(), "--no-menu"},
      &bell_);
  p.in_session = false;
  p.waits_long = false;
  p.unheard = 0;
}

void ward_under_fire::restart(person& p, int signal) {
  p.program->signal(signal);
  p.program->wait();
  while (read(p)) continue;
  ++restarts_;
  start(p);
}

void ward_under_fire::kill_patient(std::size_t which) {
  auto& p = patients_.at(which);
  ++evidence_.patient_crashes[p.id];
  restart(p, SIGKILL);
}

void ward_under_fire::restart_patient(std::size_t which) { restart(patients_.at(which), SIGTERM); }

void ward_under_fire::operate() {
  while (operating_) {
    command();
    std::this_thread::sleep_for(pause_of_operator);
  }
}

void ward_under_fire::command() {
  const auto who = operators_random_() % (2 * patients_.size());
  const std::string text = "word " + std::to_string(++commands_) + " of the operator";
  evidence::promise promise{text, who >= patients_.size(), {}};
  control::request wanted;
  if (promise.is_broadcast) {
    control::broadcast_request r;
    r.text = text;
    wanted = r;
    for (const auto& p : patients_) promise.recipients.insert(p.id);
  } else {
    control::message_request r;
    r.patient = patients_[who].id;
    r.text = text;
    wanted = r;
    promise.recipients.insert(r.patient);
  }
  try {
    nlohmann::ordered_json answer;
    if (!control::ask(directory_.path(), wanted, answer)) return;
    const std::lock_guard lock(mutex_);
    evidence_.accepted.emplace(answer.at("message_id").get<std::string>(), std::move(promise));
  } catch (const failure&) {
    const std::lock_guard lock(mutex_);
    ++unanswered_;  // "what was asked may or may not have been done"
  }
}

bool ward_under_fire::read_gateway() {
  const auto line = gateway_->next_line(milliseconds(0));
  if (!line) return false;
  if (const auto event = parse(*line)) on_gateway_event(*event);
  return true;
}

void ward_under_fire::on_gateway_event(const json& event) {
  const std::string name = event.at("event");
  if (name == "message") {
    auto& shown = evidence_.shown_to_doctor[{event.at("from"), event.at("message_id")}];
    shown.text = event.at("text");
    ++shown.times;
  } else if (name == "delivery") {
    ++evidence_.receipts_shown[{{event.at("patient"), event.at("message_id")}, event.at("state")}];
  } else if (name == "patient_authenticated") {
    ++sign_ins_;
  } else if (name == "trouble" || name == "refused") {
    troubles_.push_back(event.dump());
  }
}

bool ward_under_fire::read(person& p) {
  const auto line = p.program->next_line(milliseconds(0));
  if (!line) return false;
  if (const auto event = parse(*line)) on_event(p, *event);
  return true;
}

void ward_under_fire::on_event(person& p, const json& event) {
  const std::string name = event.at("event");
  if (name == "authenticated") {
    p.in_session = true;
    p.waits_long = false;
  } else if (name == "disconnected") {
    p.in_session = false;
    p.waits_long = event.value("retry_in_ms", 0) > patience_of_persons.count();
  } else if (name == "message") {
    const std::string id = event.at("message_id");
    auto& shown = evidence_.shown_to_patient[{p.id, id}];
    shown.text = event.at("text");
    ++shown.times;
    if (random_() % 2 == 0 && !p.program->has_ended()) {
      p.program->write_line("ack " + id);
      ++p.unheard;
    }
  } else if (name == "acknowledged") {
    if (p.unheard > 0) --p.unheard;
    evidence_.acknowledged.insert({p.id, event.at("message_id")});
  } else if (name == "delivery" && event.at("state") == "queued") {
    if (p.unheard > 0) --p.unheard;
    evidence_.accepted_of_patients.insert({p.id, event.at("message_id")});
  } else if (name == "error") {
    ++dropped_;
    // It has a limit of messages that wait for the doctor.
    if (event.at("error") == "busy" && p.unheard > 0) --p.unheard;
  }
}

/// What the person at this program does now.
void ward_under_fire::look_after(person& p) {
  if (p.program->has_ended()) {  // turned away, by what the proxy made of the gateway's words
    ++p.died;
    restart(p, 0);
    return;
  }
  if (p.waits_long && gateway_is_up_) {
    restart(p, SIGTERM);
    return;
  }
  const auto now = clock_type::now();
  if (!writing_ || now < p.writes_next) return;
  p.writes_next = now + up_to(2 * static_cast<int>(pause_of_persons.count()));
  p.program->write_line("send line " + std::to_string(++p.written) + " of " + p.id);
  ++p.unheard;
}

void ward_under_fire::live_for(milliseconds time) {
  const auto end = clock_type::now() + time;
  do {
    while (read_gateway()) continue;
    auto next = end;
    for (auto& p : patients_) {
      while (read(p)) continue;
      look_after(p);
      if (writing_) next = std::min(next, p.writes_next);
    }
    bell_.wait_until(next);
  } while (clock_type::now() < end);
}

std::string ward_under_fire::undelivered() {
  for (const auto& p : patients_) {
    if (p.unheard != 0) return std::to_string(p.unheard) + " commands to " + p.id;
  }
  nlohmann::ordered_json rows;
  if (!control::ask(directory_.path(), control::patients_request{}, rows)) return "no gateway";
  for (const auto& row : rows) {
    if (!row.at("connected").get<bool>() || row.at("unconfirmed") != 0) return row.dump();
  }
  crypto::system_random random;
  for (const auto& p : patients_) {
    patient::records kept(p.directory.path(), p.id, random);
    if (kept.outbox.count_unreceipted("dr-lee") != 0) return "requests of " + p.id;
    if (!kept.inbox.unsent_acknowledgements("dr-lee", 1).empty())
      return "acknowledgements of " + p.id;
  }
  return {};
}

void ward_under_fire::settle() {
  operating_ = false;
  operator_.join();
  writing_ = false;
  const auto give_up = clock_type::now() + process::patience;
  // Twice in a row: what is shown last may be acknowledged yet.
  for (unsigned in_a_row = 0; in_a_row < 2;) {
    live_for(milliseconds(200));
    const auto rest = undelivered();
    in_a_row = rest.empty() ? in_a_row + 1 : 0;
    if (!rest.empty() && clock_type::now() > give_up) {
      WARN("not delivered in time: " << rest << "; " << summary());
      break;  // the check says what
    }
  }
  for (auto& p : patients_) {
    p.program->signal(SIGTERM);
    CHECK(p.program->wait() == 0);
    while (read(p)) continue;
  }
  gateway_->signal(SIGTERM);
  CHECK(gateway_->wait() == 0);
  while (read_gateway()) continue;
  gateway_is_up_ = false;
}

void ward_under_fire::check(moment when) {
  data_directories where{directory_.path(), {}};
  for (const auto& p : patients_) where.patients[p.id] = p.directory.path();
  evidence so_far;
  {
    const std::lock_guard lock(mutex_);
    so_far = evidence_;
  }
  const auto wrong = check_ledger(so_far, where, when);
  constexpr std::size_t enough = 20;
  for (std::size_t i = 0; i < std::min(wrong.size(), enough); ++i) UNSCOPED_INFO(wrong[i]);
  UNSCOPED_INFO(summary());
  REQUIRE(wrong.empty());
  check_audit();
}

void ward_under_fire::check_audit() {
  const auto verdict = run_program({WARDLINE_DOCTOR_BINARY, "audit", "verify", "--id", "dr-lee",
                                    "--data-dir", directory_.path().string()});
  INFO(verdict.output << verdict.errors);
  REQUIRE(verdict.status == 0);
}

std::string ward_under_fire::summary() const {
  const std::lock_guard lock(mutex_);
  unsigned crashes = 0;
  for (const auto& [id, count] : evidence_.patient_crashes) crashes += count;
  unsigned died = 0;
  for (const auto& p : patients_) died += p.died;
  std::string out = std::to_string(evidence_.gateway_crashes) + " gateways and " +
                    std::to_string(crashes) + " patients killed, " + std::to_string(sign_ins_) +
                    " sign-ins, " + std::to_string(evidence_.accepted.size()) +
                    " messages accepted (and " + std::to_string(unanswered_) +
                    " commands not answered), " +
                    std::to_string(evidence_.accepted_of_patients.size()) + " of patients, " +
                    std::to_string(evidence_.receipts_shown.size()) + " receipts shown, " +
                    std::to_string(restarts_) + " clients started anew, " + std::to_string(died) +
                    " of them after they had ended, " + std::to_string(dropped_) + " errors shown";
  for (std::size_t i = 0; i < std::min<std::size_t>(troubles_.size(), 5); ++i) {
    out += "\n  " + troubles_[i];
  }
  return out;
}

}  // namespace wardline::test
