#include "tests/fuzz/support/rehearsal.hpp"

#include <map>

#include "protocol/session/secure_channel.hpp"

namespace wardline::fuzz {

using namespace protocol;

namespace {

constexpr int max_acts = 64;

side other(side s) { return s == side::doctor ? side::patient : side::doctor; }

/// What is no part of what both ends agree on: the announcement vouches for itself, a hello says
/// nothing, and a DISCONNECT only ends things.
bool is_of_the_handshake(const bytes& whole) {
  const auto f = decode_frame(whole, handshake_frame_limit);
  return f->type != frame_type::identity && f->type != frame_type::hello &&
         f->type != frame_type::disconnect;
}

bool has(const std::vector<bytes>& frames, const bytes& whole) {
  return std::find(frames.begin(), frames.end(), whole) != frames.end();
}

}  // namespace

rehearsal::rehearsal(const test::path& way, input& in)
    : in_(in),
      way_(way),
      patient_time_(test::clinic::opening),
      patients_{clinic_.who.patient, patient_time_, patient_random_},
      doctor_(clinic_.new_doctor()),
      patient_(patients_, way.prepare(clinic_)) {}

const std::vector<bytes>& rehearsal::said_before(const test::path& way) {
  static std::map<std::string, std::vector<bytes>> all;
  auto& said = all[way.name];
  if (said.empty()) {
    // Of its own randomness: a doctor who draws the same again opens to a recording, as it should.
    constexpr byte another_seed = 3;
    test::clinic before(crypto::group_id::ristretto255, another_seed);
    const test::exchange valid(before, way);
    said = valid.from_patient;
    said.insert(said.end(), valid.from_doctor.begin(), valid.from_doctor.end());
  }
  return said;
}

void rehearsal::run() {
  // How far the patient's clock is off at first.
  constexpr milliseconds off[] = {milliseconds{0}, milliseconds{29'999}, milliseconds{30'000},
                                  milliseconds{30'001}, milliseconds{86'400'000}};
  const auto skew = off[in_.below(std::size(off))];
  patient_time_.advance(skew);
  clocks_always_differ_ = skew > default_window;

  do_step(patient_.start());
  for (int acts = 0; acts < max_acts; ++acts) {
    const bool is_quiet = doctor_end_.on_the_way.empty() && patient_end_.on_the_way.empty();
    if (is_quiet && in_.ended() && !is_operator_asked_) break;
    act();
  }
  must(!doctor_established_ || !patient_established_ ||
           std::ranges::equal(doctor_established_->sk.view(), patient_established_->sk.view()),
       "two ends that are established have one SK");
}

void rehearsal::act() {
  const byte op = in_.number();
  // Whose turn it is to be given a frame: with no decisions, whoever has one.
  auto to = (op & 0x80U) != 0 ? side::patient : side::doctor;
  if (at(to).on_the_way.empty()) to = other(to);
  auto& waiting = at(to).on_the_way;
  const auto first = [&] {
    auto whole = std::move(waiting.front());
    waiting.pop_front();
    return whole;
  };
  // 4 to 8 need a frame that is on the way.
  switch (waiting.empty() ? 15 - op % 7 : op % 16) {
    case 4:
      waiting.pop_front();
      break;
    case 5:
      deliver(to, bytes(waiting.front()));
      break;
    case 6:
      waiting.push_back(first());
      break;
    case 7: {
      const auto honest = first();
      deliver(to, mutated_frame(honest, in_));
      break;
    }
    case 8:
      deliver(other(to), first());
      break;
    case 9: {
      const auto& said = said_before(way_);
      deliver((op & 0x40U) != 0 ? side::patient : side::doctor, said[in_.below(said.size())]);
      break;
    }
    case 10: {
      const auto to_whom = (op & 0x40U) != 0 ? side::patient : side::doctor;
      const auto type = static_cast<frame_type>(10U << 8U | in_.below(9));
      deliver(to_whom, encode_frame(type, in_.take(in_.number())));
      break;
    }
    case 11:
      clinic_.time.advance(milliseconds(in_.wide() * 8));
      clocks_always_differ_ = false;
      break;
    case 12:
      patient_time_.advance(milliseconds(in_.wide() * 8));
      clocks_always_differ_ = false;
      break;
    case 13: {
      const auto& made = at(to).made;  // reflected late, or replayed
      if (!made.empty()) deliver((op & 0x40U) != 0 ? to : other(to), made[in_.below(made.size())]);
      break;
    }
    case 14:
      operator_speaks(errc::refused);
      break;
    case 15:
      operator_speaks(errc::ok);
      break;
    default:
      deliver(to, first());
      break;
  }
}

void rehearsal::operator_speaks(errc word) {
  if (!is_operator_asked_) return;
  is_operator_asked_ = false;
  do_step(word == errc::ok ? doctor_.admit() : doctor_.refuse(word));
}

void rehearsal::send(side from, bytes whole) {
  at(from).made.push_back(whole);
  at(other(from)).on_the_way.push_back(std::move(whole));
}

void rehearsal::deliver(side to, const bytes& whole) {
  // The bytes must outlive the call, and `made` may grow in it.
  const bytes held = whole;
  auto& here = at(to);
  if (here.is_over) return;
  const auto f = decode_frame(held, handshake_frame_limit);
  if (!f) {
    here.is_over = true;  // the owner ends the connection, and nobody waits at it any more
    if (to == side::doctor) is_operator_asked_ = false;
    return;
  }
  here.taken.push_back(held);
  if (to == side::doctor) {
    is_operator_asked_ = false;  // whatever it says now, it does not wait any longer
    do_step(doctor_.on_frame(*f));
  } else {
    do_step(patient_.on_frame(*f));
  }
}

void rehearsal::check_taken(side at_end) const {
  for (const auto& whole : at(at_end).taken) {
    must(!is_of_the_handshake(whole) || has(at(other(at_end)).made, whole),
         "no session stands on a frame that the other end did not make");
  }
  must(!clocks_always_differ_, "no session stands beyond the window");
}

void rehearsal::do_step(doctor_step step) {
  step = test::compute_through(doctor_, std::move(step));
  for (auto& whole : step.send) send(side::doctor, std::move(whole));
  if (step.ask_operator) {
    must(step.ask_operator->key == clinic_.who.patient.own_fingerprint(),
         "the operator is asked about whoever signed");
    is_operator_asked_ = true;
  }
  if (step.established) {
    check_taken(side::doctor);
    must(step.established->key == clinic_.who.patient.own_fingerprint() &&
             step.established->who == clinic_.who.patient.public_part(),
         "whoever signs in is the patient");
    must(!doctor_established_, "a handshake is established once");
    doctor_established_ = std::move(step.established);
    secure_channel channel(doctor_established_->sk, side::doctor);
    const session_token token{bytes(32, 0x73), {}, clinic_.time.now() + 1000, scope::all, 30};
    send(side::doctor, channel.seal(frame_type::session_token, encode(token)));
  }
  if (step.close || doctor_established_) doctor_end_.is_over = true;
  if (doctor_end_.is_over) must(doctor_.state_name() == "finished", "what is over is finished");
}

void rehearsal::do_step(patient_step step) {
  for (auto& whole : step.send) send(side::patient, std::move(whole));
  must(!step.doctor_pinned || *step.doctor_pinned == clinic_.who.doctor.public_part(),
       "whoever is pinned is the doctor");
  if (step.ask_person) {
    must(*step.ask_person == clinic_.who.doctor.public_part(), "the person is asked about them");
    return do_step(patient_.accept_doctor());
  }
  if (step.established) {
    check_taken(side::patient);
    must(doctor_established_.has_value(), "the patient is not established before the doctor");
    must(step.established->doctor == clinic_.who.doctor.public_part(),
         "the patient knows the doctor");
    patient_established_ = std::move(step.established);
  }
  if (step.close || patient_established_) patient_end_.is_over = true;
  if (patient_end_.is_over) must(patient_.state_name() == "finished", "what is over is finished");
}

}  // namespace wardline::fuzz
