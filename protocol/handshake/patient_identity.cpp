// Sections 3 and 6: finding and pinning the doctor.
#include <utility>

#include "protocol/handshake/patient_closing.hpp"
#include "protocol/handshake/patient_states.hpp"
#include "protocol/message/announcement.hpp"

namespace wardline::protocol::patient_side {
namespace {

// Section 2: "a doctor has one identity in one group, and patients use the group of the doctor
// that they enrol with". The owner has to make the patient's identity anew in that group.
bool is_in_our_group(const crypto::identity& doctor, const scene& s) {
  return doctor.group == s.ours.self.group().id();
}

}  // namespace

outcome expect_start::on(const owner_starts&, scene& s) && {
  // "A patient that has the identity skips this round".
  if (!doctor.identity) {
    transition t;
    t.step.send.push_back(encode_frame(frame_type::hello, {}));
    t.next = expect_identity{doctor.pinned, std::move(doctor.invite)};
    return t;
  }
  auto& identity = *doctor.identity;
  if (doctor.pinned && *doctor.pinned != crypto::fingerprint_of(identity)) {
    return close_because_of(errc::wrong_doctor, std::move(identity));
  }
  if (!is_in_our_group(identity, s)) return close_because_of(errc::conflict, std::move(identity));
  // A ticket that has expired would only cost a connection.
  if (doctor.ticket && s.ours.time.now() < doctor.ticket->expires) {
    return request_resumption(std::move(identity), std::move(*doctor.ticket), s);
  }
  return request_auth(identity, doctor.invite, s);
}

outcome expect_identity::on(const received<frame_type::identity>& m, scene& s) && {
  auto announced = read_announcement(m.body());
  if (!announced) return close_for(to_errc(announced.error()));
  auto& doctor = announced->doctor;
  // "The patient pins it: against the invite's fingerprint, against its known doctors, or, on first
  // use, by asking the person. A pinned doctor whose identity differs is refused, loudly".
  if (pinned && *pinned != crypto::fingerprint_of(doctor)) {
    return close_because_of(errc::wrong_doctor, std::move(doctor));
  }
  if (!is_in_our_group(doctor, s)) return close_because_of(errc::conflict, std::move(doctor));

  // Section 9: "for clock_skew the patient learns by how much from the signed time of `identity`".
  s.doctor_ahead_ms = signed_difference(announced->time, s.ours.time.now());
  if (!pinned) {
    transition t;
    t.step.ask_person = doctor;
    t.next = expect_person{std::move(doctor), std::move(invite)};
    return t;
  }
  auto o = request_auth(doctor, invite, s);
  if (o) o->step.doctor_pinned = std::move(doctor);
  return o;
}

outcome expect_person::on(const person_accepts&, scene& s) && {
  auto o = request_auth(doctor, invite, s);
  if (o) o->step.doctor_pinned = std::move(doctor);
  return o;
}

outcome request_auth(const crypto::identity& doctor, const std::optional<invite_secret>& invite,
                     scene& s) {
  auto made = make_auth_request(s.ours, doctor, invite);
  if (!made) return close_for(to_errc(made.error()));
  transition t;
  t.step.send.push_back(std::move(made->frame));
  t.next = expect_response{std::move(made->sent)};
  return t;
}

}  // namespace wardline::protocol::patient_side
