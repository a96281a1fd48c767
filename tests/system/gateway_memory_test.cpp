// What a core image of the gateway would give away, once a session or a sign-in is over. Under a
// sanitizer, which keeps what is freed, there is nothing to see.
#ifdef WARDLINE_WATCHED_DOCTOR_BINARY

#include <algorithm>

#include "common/crypto/labels.hpp"
#include "protocol/handshake/transcript.hpp"
#include "protocol/message/announcement.hpp"
#include "tests/support/catch.hpp"
#include "tests/system/visits.hpp"
#include "tests/system/watched.hpp"

namespace wardline::test {
namespace {

using protocol::frame_type;
namespace label = crypto::label;

crypto::group_id id_of(const std::string& group) { return crypto::group_named(group).value(); }

// The gateway, and somebody who knows all that it knows.
class watched_doctor {
 public:
  explicit watched_doctor(const std::string& group_name, std::vector<std::string> options = {})
      : group(id_of(group_name)),
        program({WARDLINE_WATCHED_DOCTOR_BINARY, drawn()}, group_name, std::move(options)) {}

  all_knowing observer() const {
    return {seed_in(program.data_directory()), crypto::role::doctor, group, "dr-lee",
            recorded_random::read(drawn())};
  }

  std::vector<std::string> what_stays(const std::vector<known_secret>& secrets) {
    return test::what_stays(pid(), secrets, [this] { program.command({"status"}); });
  }

  memory_image image() { return memory_image(pid()); }

 private:
  std::string drawn() const { return (directory_.path() / "drawn").string(); }
  pid_t pid() { return program.events().program().id(); }

  temporary_directory directory_;
  crypto::group_id group;

 public:
  doctor_program program;
};

std::vector<known_secret> secrets_of(const patient_visit& visit, const scripted_patient& patient,
                                     const all_knowing& observer) {
  return observer.handshake(patient.self(), {last_of(frame_type::auth_request, visit.sent),
                                             last_of(frame_type::auth_response, visit.received)});
}

}  // namespace

TEST_CASE("a gateway has no secret of a session in its memory when the session is over") {
  const auto group = GENERATE(as<std::string>(), "ristretto255", "ffdhe2048");
  CAPTURE(group);
  watched_doctor doctor(group);
  scripted_patient alice("alice", group);
  auto visit = enrol(doctor.program, alice);
  const auto gk = visit.await<protocol::group_key>(frame_type::group_key);
  doctor.program.command({"broadcast", "Drink a glass of water."});
  const auto broadcast = visit.await(frame_type::broadcast);

  auto secrets = secrets_of(visit, alice, doctor.observer());
  add(secrets, secrets_of_group(gk));
  REQUIRE(alice.ticket.has_value());
  secrets.push_back({"RS", to_bytes(alice.ticket->secret.view())});
  secrets.push_back({"token", alice.ticket->token});

  // While it stands these must be found, or the search is blind; the others have done their work.
  const auto standing = doctor.image().find(secrets);
  INFO(joined(standing));
  const std::vector<std::string> in_use{"p2d key", "d2p key", "receipt key", "group contribution",
                                        "GK"};
  for (const auto& secret : secrets) {
    CAPTURE(secret.name);
    const bool may_be = std::count(in_use.begin(), in_use.end(), secret.name) != 0;
    CHECK(is_among(standing, secret.name) == may_be);
  }

  visit.peer.close();
  doctor.program.events().await("patient_disconnected");
  const auto stay = doctor.what_stays(secrets);
  INFO(joined(stay));
  CHECK(stay.empty());
}

TEST_CASE("a gateway has no secret of a sign-in in its memory when that has failed") {
  struct failing {
    std::string where;
    std::string cause;     // as the gateway tells it; of who only goes away it does not speak
    std::string furthest;  // what the gateway has made by then
    meddler (*meddle)(const watched_doctor&, const scripted_patient&);
  };
  const std::vector<failing> ways{
      {"a request that does not open", "authentication_failed", "k1",
       [](const auto&, const auto&) { return only(frame_type::auth_request, flip_last_bit); }},
      {"a bad signature", "invalid_signature", "k1",
       [](const auto& doctor, const auto& patient) {
         return only(frame_type::auth_request, [&](bytes& whole) {
           whole = doctor.observer().with_bad_signature(patient.self(), {whole, {}});
         });
       }},
      {"a wrong verifier", "wrong_verifier", "SK",
       [](const auto&, const auto&) { return only(frame_type::verifier, flip_last_bit); }},
      {"a disconnect", "", "SK",
       [](const auto&, const auto&) {
         return only(frame_type::verifier, [](bytes& whole) {
           const protocol::disconnect notice{protocol::disconnect_reason::goodbye, 0, {}};
           whole = protocol::encode_frame(frame_type::disconnect, protocol::encode(notice));
         });
       }},
      {"a time-out", "", "SK",
       [](const auto&, const auto&) {
         return only(frame_type::verifier, [](bytes& whole) { whole.clear(); });
       }},
  };
  const auto& way = ways[GENERATE(range<std::size_t>(0, 5))];
  CAPTURE(way.where);
  watched_doctor doctor("ristretto255", {"--handshake-timeout", "2"});
  scripted_patient alice("alice", "ristretto255");
  enrol(doctor.program, alice).peer.close();
  doctor.program.events().await("patient_disconnected");

  auto how = to(doctor.program);
  how.meddle = way.meddle(doctor, alice);
  const auto visit = alice.sign_in(how);
  REQUIRE_FALSE(visit.is_up());
  if (!way.cause.empty()) {
    CHECK(doctor.program.events().await("sign_in_failed").at("cause") == way.cause);
  }

  const auto secrets = secrets_of(visit, alice, doctor.observer());
  CHECK(is_among(secrets, way.furthest));
  const auto stay = doctor.what_stays(secrets);
  INFO(joined(stay));
  CHECK(stay.empty());
}

}  // namespace wardline::test

#endif
