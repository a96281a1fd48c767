// Corrections and cancellations, with the real programs.
#include <csignal>
#include <fstream>
#include <map>

#include "tests/support/catch.hpp"
#include "tests/system/groups.hpp"
#include "tests/system/visits.hpp"

namespace wardline::test {
namespace {

std::string id_of(const json& answer) { return answer.at("message_id").get<std::string>(); }

void leave(doctor_program& doctor, patient_program& patient) {
  patient.kill();
  doctor.events().await("patient_disconnected", where("id", patient.id()));
}

// patient -> state
std::map<std::string, std::string> states(doctor_program& doctor, const std::string& id) {
  std::map<std::string, std::string> out;
  const auto shown = json::parse(doctor.try_command({"deliveries", id}).output);
  for (const auto& d : shown.at("deliveries")) out[d.at("patient")] = d.at("state");
  return out;
}

}  // namespace

TEST_CASE("a correction reaches whom the message reached, and who was away gets it alone") {
  doctor_program doctor(any_group());
  patient_program here("here");
  patient_program away("away");
  here.sign_in(doctor);
  away.sign_in(doctor);
  leave(doctor, away);
  const auto id = id_of(doctor.command({"broadcast", "take ten"}));
  doctor.events().await("delivery", where("patient", "here"));

  const auto answer = doctor.try_command({"correct", id.substr(0, 8), "take two", "--wait", "1"});
  CHECK(answer.status == 1);  // somebody is missing
  const auto out = json::parse(answer.output);
  CHECK(out.at("missing") == json::array({"away"}));
  CHECK(out.at("corrects") == id);
  CHECK(out.at("recipients") == 2);
  const auto event = doctor.events().await("corrected");
  CHECK(event.at("message_id") == id);
  CHECK(event.at("by") == id_of(out));
  CHECK(here.events().await("message").at("text") == "take ten");
  const auto correction = here.events().await("message");
  CHECK(correction.at("text") == "take two");
  CHECK(correction.at("corrects") == id);
  CHECK(correction.at("kind") == "broadcast");
  CHECK(correction.at("priority") == "emergency");

  // The gateway dies in between, too.
  doctor.restart(false);
  away.start(doctor);
  const auto alone = away.events().await("message");
  CHECK(alone.at("text") == "take two");
  CHECK(alone.at("original_known") == false);
  doctor.events().await("delivery", where("patient", "away"));
  CHECK(away.events().seen("message") == 0);
  CHECK(states(doctor, id) ==
        std::map<std::string, std::string>{{"away", "expired"}, {"here", "decrypted"}});
  CHECK(states(doctor, id_of(out)) ==
        std::map<std::string, std::string>{{"away", "decrypted"}, {"here", "decrypted"}});
}

TEST_CASE("a cancellation reaches who has the message, and who was away hears of neither") {
  doctor_program doctor("ristretto255");
  patient_program here("here");
  patient_program away("away");
  here.sign_in(doctor);
  away.sign_in(doctor);
  leave(doctor, away);
  const auto id = id_of(doctor.command({"broadcast", "take ten"}));
  doctor.events().await("delivery", where("patient", "here"));
  const auto out = doctor.command({"cancel", id, "--reason", "wrong ward", "--wait", "30"});
  CHECK(out.at("cancels") == id);
  CHECK(out.at("decrypted") == json::array({"here"}));
  here.events().await("message", where("text", "take ten"));
  const auto cancelled = here.events().await("message");
  CHECK(cancelled.at("cancels") == id);
  CHECK(cancelled.at("text") == "wrong ward");

  away.start(doctor);
  away.events().await("authenticated");
  doctor.command({"broadcast", "see you", "--wait", "30"});
  CHECK(away.events().await("message").at("text") == "see you");

  const auto again = doctor.try_command({"correct", id, "x"});
  CHECK(again.status == 1);
  CHECK(json::parse(again.output).at("error") == "that message is cancelled already");
}

TEST_CASE("a direct message is corrected, cancelled, and both survive the patient's end") {
  doctor_program doctor(any_group());
  patient_program alice("alice");
  alice.sign_in(doctor);
  const auto id = id_of(doctor.command({"message", "alice", "take ten", "--wait", "30"}));
  leave(doctor, alice);
  const auto correction = id_of(doctor.command({"correct", id, "take two"}));
  alice.start(doctor);
  const auto first = alice.events().await("message");
  CHECK(first.at("corrects") == id);
  CHECK(first.at("kind") == "direct");
  CHECK(first.at("original_known") == true);
  doctor.events().await("delivery", where("message_id", correction));
  leave(doctor, alice);

  // A correction is cancelled by its original's cancellation.
  const auto cancellation = doctor.command({"cancel", correction});
  CHECK(cancellation.at("cancels") == id);
  alice.start(doctor);
  const auto second = alice.events().await("message");
  CHECK(second.at("cancels") == id);
  alice.say("ack " + second.at("message_id").get<std::string>());
  doctor.events().await("delivery", where("state", "acknowledged"));
  CHECK(alice.events().seen("message") == 0);
  for (const auto& which : {id, correction})
    CHECK(doctor.command({"deliveries", which}).at("cancelled_by") == id_of(cancellation));
}

TEST_CASE("an original that is under way when it is cancelled arrives late, and is not shown") {
  doctor_program doctor("ristretto255");
  scripted_patient mute("mute", "ristretto255");
  auto visit = enrol(doctor, mute);
  const auto id = id_of(doctor.command({"message", "mute", "take ten"}));
  const auto original = visit.await<protocol::content>(protocol::frame_type::direct);
  const auto out = doctor.command({"cancel", id});
  CHECK(out.at("recipients") == 1);  // it is "sent": it may have arrived
  const auto cancellation = visit.await<protocol::content>(protocol::frame_type::direct);
  CHECK(cancellation.type == protocol::content_type::cancellation);

  SECTION("a receipt that comes late counts") {
    visit.send_receipt(original);
    doctor.events().await("delivery", where("state", "decrypted"));
    CHECK(states(doctor, id).at("mute") == "decrypted");
  }
  SECTION("without one, the cancellation alone is sent again") {
    auto next = sign_in(doctor, mute, to(doctor));
    const auto again = next.await<protocol::content>(protocol::frame_type::direct);
    CHECK(again.id == cancellation.id);
    next.send_receipt(again);
    doctor.events().await("delivery", where("message_id", id_of(out)));
    CHECK(states(doctor, id).at("mute") == "expired");
  }
}

TEST_CASE("what was cancelled is not overdue, and a correction is by itself") {
  doctor_program doctor("ristretto255", {"--resend-after", "1s", "--overdue-after", "2s"});
  scripted_patient mute("mute", "ristretto255");
  auto visit = enrol(doctor, mute);
  const auto cancelled = id_of(doctor.command({"broadcast", "take ten"}));
  doctor.command({"cancel", cancelled, "--priority", "routine"});
  const auto corrected = id_of(doctor.command({"broadcast", "take eight"}));
  const auto correction = id_of(doctor.command({"correct", corrected, "take two"}));
  CHECK(doctor.events().await("overdue").at("message_id") == correction);
  CHECK(doctor.events().seen("overdue") == 0);
}

TEST_CASE("newcomers get the correction, and nothing after a cancellation") {
  doctor_program doctor("ristretto255");
  const auto kept = id_of(doctor.command({"broadcast", "take ten", "--include-new"}));
  doctor.command({"correct", kept, "take two"});
  const auto gone = id_of(doctor.command({"broadcast", "take eight", "--include-new"}));
  doctor.command({"cancel", gone});
  patient_program bob("bob");
  bob.sign_in(doctor);
  doctor.events().await("delivery", where("patient", "bob"));
  CHECK(bob.events().await("message").at("text") == "take two");
  doctor.command({"broadcast", "the end", "--wait", "30"});
  CHECK(bob.events().await("message").at("text") == "the end");
}

TEST_CASE("a patient may neither correct nor cancel, and that is audited") {
  doctor_program doctor("ristretto255");
  scripted_patient alice("alice", "ristretto255");
  auto visit = enrol(doctor, alice);
  protocol::content c{alice.random().make<protocol::message_id>(),
                      1,
                      0,
                      protocol::content_type::cancellation,
                      protocol::priority::routine,
                      bytes(16)};
  visit.send(protocol::frame_type::direct, c);
  CHECK(doctor.events().await("refused").at("cause") == "out_of_scope");
  c.type = protocol::content_type::correction;
  c.body.push_back('x');
  visit.send(protocol::frame_type::direct, c);
  CHECK(doctor.events().await("refused").at("cause") == "out_of_scope");
  // The session goes on, until there is one that is malformed.
  c.body.resize(3);
  visit.send(protocol::frame_type::direct, c);
  CHECK(doctor.events().await("refused").at("cause") == "invalid_encoding");
  doctor.events().await("patient_disconnected", where("id", "alice"));
  CHECK(doctor.command({"inbox"}).empty());

  doctor.stop();
  std::ifstream in(doctor.data_directory() + "/audit.jsonl");
  std::vector<std::string> refused;
  for (std::string line; std::getline(in, line);)
    if (line.find("frame_refused") != std::string::npos) refused.push_back(line);
  REQUIRE(refused.size() == 3);  // the second of its kind is counted
  CHECK(refused[0].find("out_of_scope") != std::string::npos);
  CHECK(refused[0].find("patient:alice") != std::string::npos);
  CHECK(refused[1].find("invalid_encoding") != std::string::npos);
  CHECK(refused[2].find("count=1") != std::string::npos);
}

}  // namespace wardline::test
