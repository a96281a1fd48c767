#include "tests/protocol/handshake/exchange.hpp"

#include <stdexcept>
#include <utility>

#include "protocol/session/secure_channel.hpp"

namespace wardline::test {

using namespace protocol;

namespace {

known_doctor enrolled(clinic& c) { return c.known(); }
known_doctor after_hello(clinic& c) { return c.known_by_fingerprint(); }
known_doctor first_use(clinic&) { return {}; }
known_doctor by_invite(clinic& c) {
  c.directory.enrolled.clear();
  c.directory.invites["p1"].push_back({first_invite(), clinic::opening + 1});
  auto doctor = c.known_by_fingerprint();
  doctor.invite = first_invite();
  return doctor;
}
known_doctor as_stranger(clinic& c) {
  c.directory.enrolled.clear();
  return c.known();
}
known_doctor in_conflict(clinic& c) {
  c.directory.enrolled.insert_or_assign("p1", c.who.imposter.public_part());
  return c.known();
}
known_doctor by_ticket(clinic& c) { return c.with_ticket(); }

}  // namespace

const std::vector<path>& all_paths() {
  static const std::vector<path> paths{
      {"enrolled", enrolled},       {"after hello", after_hello},
      {"first use", first_use},     {"by invite", by_invite},
      {"admitted", as_stranger},    {"refused by the operator", as_stranger, errc::refused},
      {"in conflict", in_conflict}, {"resumed", by_ticket},
  };
  return paths;
}

const path& path_named(std::string_view name) {
  for (const auto& p : all_paths()) {
    if (p.name == name) return p;
  }
  throw std::logic_error("no such path: " + std::string(name));
}

exchange::exchange(clinic& c, const path& way, std::optional<tampering> t)
    : clinic_(c),
      operator_says_(way.operator_says),
      tampering_(std::move(t)),
      doctor_(c.new_doctor()),
      patient_(c.new_patient(way.prepare(c))) {
  run();
}

exchange::exchange(clinic& c, known_doctor doctor, std::optional<tampering> t)
    : clinic_(c),
      tampering_(std::move(t)),
      doctor_(c.new_doctor()),
      patient_(c.new_patient(std::move(doctor))) {
  run();
}

void exchange::run() {
  do_step(patient_.start());
  while (!on_the_way_.empty()) {
    const auto [from, whole] = std::move(on_the_way_.front());
    on_the_way_.erase(on_the_way_.begin());
    deliver(from == side::patient ? side::doctor : side::patient, whole);
  }
}

void exchange::send(side from, bytes whole) {
  auto& sent = from == side::patient ? from_patient : from_doctor;
  sent.push_back(whole);
  if (tampering_ && tampering_->from == from && tampering_->index == sent.size() - 1) {
    whole = tampering_->replace(whole);
  }
  on_the_way_.emplace_back(from, std::move(whole));
}

void exchange::deliver(side to, const bytes& whole) {
  const auto f = decode_frame(whole, handshake_frame_limit);
  if (to == side::doctor) {
    if (doctor_established || doctor_closed || doctor_bad_frame) return;
    if (!f) {
      doctor_bad_frame = to_errc(f.error());
    } else {
      do_step(doctor_.on_frame(*f));
    }
  } else {
    if (patient_established || patient_closed || patient_bad_frame) return;
    if (!f) {
      patient_bad_frame = to_errc(f.error());
    } else {
      do_step(patient_.on_frame(*f));
    }
  }
}

void exchange::do_step(doctor_step step) {
  step = compute_through(doctor_, std::move(step));
  for (auto& frame : step.send) send(side::doctor, std::move(frame));
  if (step.ask_operator) {
    stranger = std::move(step.ask_operator);
    do_step(operator_says_ == errc::ok ? doctor_.admit() : doctor_.refuse(operator_says_));
  } else if (step.established) {
    doctor_established = std::move(step.established);
    secure_channel channel(doctor_established->sk, side::doctor);
    issued = {bytes(32), clinic_.random.make<token_nonce>(), clinic::opening + 1000, scope::all,
              30};
    clinic_.random.fill(issued.token);
    send(side::doctor, channel.seal(frame_type::session_token, encode(issued)));
  } else if (step.close) {
    doctor_closed = std::move(step.close);
    if (doctor_closed->cause != errc::connection_lost) {
      send(side::doctor, encode_frame(frame_type::disconnect, encode(doctor_closed->notice)));
    }
  }
}

void exchange::do_step(patient_step step) {
  for (auto& frame : step.send) send(side::patient, std::move(frame));
  if (step.doctor_pinned) pinned = std::move(step.doctor_pinned);
  if (step.waiting) waiting = step.waiting;
  if (step.ask_person) {
    asked_person = true;
    do_step(patient_.accept_doctor());
  } else if (step.established) {
    patient_established = std::move(step.established);
  } else if (step.close) {
    patient_closed = std::move(step.close);
  }
}

std::optional<errc> exchange::doctor_cause() const {
  if (doctor_closed) return doctor_closed->cause;
  return doctor_bad_frame;
}

std::optional<errc> exchange::patient_cause() const {
  if (patient_closed) return patient_closed->cause;
  return patient_bad_frame;
}

}  // namespace wardline::test
