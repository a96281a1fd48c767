#include "tests/protocol/handshake/clinic.hpp"

#include <map>
#include <stdexcept>
#include <utility>

namespace wardline::test {
namespace {

crypto::own_identity make(byte seed, crypto::role role, crypto::group_id group, std::string id) {
  crypto::identity_seed secret;
  secret.writable()[0] = seed;
  return {secret, role, group, std::move(id)};
}

}  // namespace

void seeded_random::fill(byte_span out) {
  const std::lock_guard lock(mutex_);
  crypto::expand(seed_.view(), "test randomness", {big_endian<8>(drawn_)}, out);
  ++drawn_;
}

people::people(crypto::group_id group)
    : doctor(make(1, crypto::role::doctor, group, "dr-a")),
      other_doctor(make(2, crypto::role::doctor, group, "dr-b")),
      patient(make(3, crypto::role::patient, group, "p1")),
      other_patient(make(4, crypto::role::patient, group, "p2")),
      imposter(make(5, crypto::role::patient, group, "p1")) {}

const people& people_of(crypto::group_id group) {
  static std::map<crypto::group_id, std::unique_ptr<people>> made;
  auto& there = made[group];
  if (!there) there = std::make_unique<people>(group);
  return *there;
}

protocol::resumption_secret first_token_secret() {
  protocol::resumption_secret secret;
  secret.writable()[0] = 0x71;
  return secret;
}

protocol::invite_secret first_invite() {
  protocol::invite_secret secret;
  secret.writable()[0] = 0x72;
  return secret;
}

clinic::clinic(crypto::group_id group, byte seed)
    : who(people_of(group)),
      time(opening),
      random(seed),
      announcements(who.doctor, time, random),
      doctors{who.doctor, time, random, nonces, announcements},
      patients{who.patient, time, random} {
  directory.enrolled.emplace("p1", who.patient.public_part());
}

protocol::patient_handshake clinic::new_patient(protocol::known_doctor doctor) {
  return {patients, std::move(doctor)};
}

protocol::known_doctor clinic::known() const {
  protocol::known_doctor doctor;
  doctor.identity = who.doctor.public_part();
  return doctor;
}

protocol::known_doctor clinic::known_by_fingerprint() const {
  protocol::known_doctor doctor;
  doctor.pinned = who.doctor.own_fingerprint();
  return doctor;
}

protocol::known_doctor clinic::with_ticket() {
  const auto expires = opening + 3'600'000;
  directory.tokens.insert_or_assign(
      first_token, protocol::kept_token{who.patient.public_part(), first_token_secret(),
                                        protocol::scope::send_text, expires, opening - 1000});
  auto doctor = known();
  doctor.ticket = protocol::resumption_ticket{first_token, first_token_secret(), expires};
  return doctor;
}

protocol::frame as_frame(byte_view whole) {
  const auto f = protocol::decode_frame(whole, protocol::handshake_frame_limit);
  if (!f) throw std::logic_error("not a frame: " + f.error().message());
  return *f;
}

protocol::doctor_step compute_through(protocol::doctor_handshake& doctor,
                                      protocol::doctor_step step) {
  while (step.compute) {
    step.compute->run();
    auto next = doctor.computed(std::move(step.compute));
    next.send.insert(next.send.begin(), step.send.begin(), step.send.end());
    step = std::move(next);
  }
  return step;
}

}  // namespace wardline::test
