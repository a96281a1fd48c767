// What a core image of the patient would give away, once a session or a sign-in is over. Under a
// sanitizer, which keeps what is freed, there is nothing to see.
#ifdef WARDLINE_WATCHED_PATIENT_BINARY

#include "tests/support/catch.hpp"
#include "tests/support/scripted_doctor.hpp"
#include "tests/system/watched.hpp"

namespace wardline::test {
namespace {

using protocol::frame_type;

// The patient, and somebody who knows all that it knows.
class watched_patient {
 public:
  explicit watched_patient(const scripted_doctor& doctor) {
    auto options = doctor.directions();
    options.insert(options.end(), {"--id", program.id()});
    program.start_as({WARDLINE_WATCHED_PATIENT_BINARY, drawn()}, options);
  }

  all_knowing observer() const {
    return {seed_in(program.data_directory()), crypto::role::patient, crypto::group_id::ffdhe3072,
            program.id(), recorded_random::read(drawn())};
  }

  doctor_visit sign_in(scripted_doctor& doctor) {
    auto visit = doctor.accept();
    REQUIRE(visit.is_up());
    program.events().await("authenticated");
    return visit;
  }

  std::vector<std::string> what_stays(const std::vector<known_secret>& secrets) {
    return test::what_stays(program.events().program().id(), secrets,
                            [this] { program.say("nothing that is a command"); });
  }

  memory_image image() { return memory_image(program.events().program().id()); }

 private:
  std::string drawn() const { return (directory_.path() / "drawn").string(); }

  temporary_directory directory_;

 public:
  patient_program program{"alice"};
};

// Of the last handshake of this connection.
std::vector<known_secret> secrets_of(const doctor_visit& visit, const scripted_doctor& doctor,
                                     const all_knowing& observer) {
  return observer.handshake(doctor.self().public_part(),
                            {last_of(frame_type::auth_request, doctor.arrived),
                             last_of(frame_type::auth_response, visit.sent)});
}

}  // namespace

TEST_CASE("a patient has no secret of a session in its memory when the session is over") {
  scripted_doctor doctor;
  watched_patient alice(doctor);
  auto visit = alice.sign_in(doctor);
  doctor.give_group_key(visit);
  visit.peer.send(doctor.prepare("Drink a glass of water.").sealed.frame);
  alice.program.events().await("message");

  auto secrets = secrets_of(visit, doctor, alice.observer());
  add(secrets, secrets_of_group(doctor.group_key()));

  const auto standing = alice.image().find(secrets);
  INFO(joined(standing));
  // While it stands these must be found, or the search is blind.
  for (const auto* name : {"p2d key", "d2p key", "receipt key", "GK"}) {
    CAPTURE(name);
    CHECK(is_among(standing, name));
  }
  // And these, which have done their work, not even then.
  for (const auto* name : {"a", "k", "t", "ck1", "ck2", "ck3", "k1", "k2", "dh(a, y_kem_D)",
                           "dh(b, E)", "dh(b, y_kem_P)"}) {
    CAPTURE(name);
    CHECK_FALSE(is_among(standing, name));
  }

  visit.peer.close();
  alice.program.events().await("disconnected");
  const auto stay = alice.what_stays(secrets);
  INFO(joined(stay));
  CHECK(stay.empty());
}

TEST_CASE("a patient has no secret of a sign-in in its memory when that has failed") {
  struct failing {
    std::string where;
    std::string reason;
    std::string furthest;  // what the patient has made by then
    meddler (*meddle)(const watched_patient&, const scripted_doctor&);
  };
  const auto way = GENERATE(values<failing>({
      {"an answer that does not open", "authentication_failed", "k2",
       [](const auto&, const auto&) { return only(frame_type::auth_response, flip_last_bit); }},
      {"a bad signature", "invalid_signature", "k2",
       [](const auto& alice, const auto& doctor) {
         return only(frame_type::auth_response, [&](bytes& whole) {
           whole = alice.observer().with_bad_signature(
               doctor.self().public_part(),
               {last_of(frame_type::auth_request, doctor.arrived), whole});
         });
       }},
      {"no answer to the verifier", "connection_lost", "SK",
       [](const auto&, const auto&) {
         return only(frame_type::session_token, [](bytes& whole) { whole.clear(); });
       }},
      {"a time-out", "timed_out", "k",
       [](const auto&, const auto&) {
         return only(frame_type::auth_response, [](bytes& whole) { whole.clear(); });
       }},
  }));
  CAPTURE(way.where);
  scripted_doctor doctor;
  watched_patient alice(doctor);
  alice.sign_in(doctor).peer.close();
  alice.program.events().await("disconnected");
  doctor.directory.tokens.clear();
  CHECK(doctor.accept().closed.has_value());  // "token_refused", and a full handshake at once

  auto visit = doctor.accept(way.meddle(alice, doctor));
  if (way.reason == "connection_lost") visit.peer.close();
  alice.program.events().await("disconnected", where("reason", way.reason));

  const auto secrets = secrets_of(visit, doctor, alice.observer());
  CHECK(is_among(secrets, way.furthest));
  const auto stay = alice.what_stays(secrets);
  INFO(joined(stay));
  CHECK(stay.empty());
}

}  // namespace wardline::test

#endif
