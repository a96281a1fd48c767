#include <csignal>
#include <filesystem>
#include <fstream>

#include "protocol/group/sealed_broadcast.hpp"
#include "tests/support/catch.hpp"
#include "tests/system/visits.hpp"

namespace wardline::test {

TEST_CASE("an emergency that is not confirmed is sent again, and then somebody is told, once") {
  const temporary_directory at;
  const auto out = at.path() / "alarms";
  const auto alarm = at.path() / "alarm.sh";
  std::ofstream(alarm) << "#!/bin/sh\ncat >> '" << out.string() << "'\nmv '" << out.string()
                       << "' '" << out.string() << ".done'\n";
  std::filesystem::permissions(alarm, std::filesystem::perms::owner_all);

  doctor_program doctor("ristretto255", {"--resend-after", "1s", "--overdue-after", "2s",
                                         "--on-overdue", alarm.string()});
  patient_program prompt("prompt");
  prompt.sign_in(doctor);
  patient_program gone("gone");
  gone.sign_in(doctor);
  gone.stop(SIGTERM);
  doctor.events().await("patient_disconnected", where("id", "gone"));
  scripted_patient mute("mute", "ristretto255");
  auto visit = enrol(doctor, mute);
  const auto id = doctor.command({"broadcast", "Fire on ward 3"}).at("message_id");

  // It reads what it is sent, and never answers.
  const auto again = visit.await<protocol::content>(protocol::frame_type::direct);
  CHECK(again.type == protocol::content_type::redelivered_broadcast);

  // Who is away is not forgotten.
  const auto missing = json::array({"gone", "mute"});
  CHECK(doctor.events().await("broadcast_sent").at("absent") == json::array({"gone"}));
  const auto news = doctor.events().await("overdue");
  CHECK(news.at("message_id") == id);
  CHECK(news.at("patients") == missing);
  CHECK(news.at("missing") == missing);
  CHECK(news.at("recipients") == 3);
  CHECK(news.at("decrypted") == 1);
  const auto shown = doctor.command({"deliveries", id.get<std::string>()});
  CHECK(shown.at("missing") == missing);
  CHECK_FALSE(shown.at("deliveries").at(0).at("overdue_at").is_null());
  CHECK(doctor.command({"status"}).at("overdue") == 1);

  while (!std::filesystem::exists(out.string() + ".done")) doctor.command({"status"});
  std::ifstream in(out.string() + ".done");
  std::string sentence;
  std::string line;
  REQUIRE(std::getline(in, sentence));
  REQUIRE(std::getline(in, line));
  CHECK(sentence == "Wardline, dr-lee: OVERDUE: 1 of 3 have decrypted message " +
                        id.get<std::string>().substr(0, 8) + " (emergency). Missing: gone, mute.");
  CHECK(json::parse(line) == news);
  CHECK((sentence + line).find("Fire") == std::string::npos);

  doctor.restart();
  CHECK(doctor.command({"status"}).at("overdue") == 1);
  // Another that becomes overdue: by then the first would have been told again.
  auto second = sign_in(doctor, mute, to(doctor));
  const auto next = doctor.command({"broadcast", "again"}).at("message_id");
  CHECK(doctor.events().await("overdue").at("message_id") == next);
  CHECK(doctor.events().seen("overdue") == 0);
  CHECK(doctor.command({"status"}).at("overdue") == 2);
}

TEST_CASE("who is connected, who is away since when, and of whom nothing is known are told apart") {
  doctor_program doctor("ristretto255");
  patient_program alice("alice");
  patient_program bob("bob");
  const auto presence = [&](std::size_t row) { return doctor.command({"patients"}).at(row); };
  alice.sign_in(doctor);
  bob.sign_in(doctor);
  CHECK(presence(0).at("presence") == "connected");
  alice.stop(SIGTERM);
  doctor.events().await("patient_disconnected");
  CHECK(presence(0).at("presence") == "away");
  CHECK(presence(0).at("since") == presence(0).at("last_seen"));
  CHECK(presence(1).at("presence") == "connected");

  // A gateway that was killed has not seen who left when: only what it knows for certain stays.
  doctor.stop(false);
  bob.kill();
  doctor.start();
  CHECK(presence(0).at("presence") == "away");
  CHECK(presence(1).at("presence") == "unknown");
  CHECK(presence(1).at("since").is_null());
  CHECK_FALSE(presence(1).at("last_seen").is_null());
}

TEST_CASE("a broadcast that waits for receipts names who has not decrypted it, and exits 1") {
  doctor_program doctor("ristretto255");
  patient_program alice("alice");
  alice.sign_in(doctor);
  scripted_patient mute("mute", "ristretto255");
  auto visit = enrol(doctor, mute);
  for (const auto* who : {"gone", "lost"}) {
    scripted_patient absent(who, "ristretto255");
    enrol(doctor, absent);
    doctor.events().await("patient_disconnected", where("id", who));
  }

  const auto out = doctor.try_command({"broadcast", "Fire", "--wait", "5"});
  CHECK(out.status == 1);
  const auto result = json::parse(out.output);
  CHECK(result.at("recipients") == 4);
  CHECK(result.at("decrypted") == json::array({"alice"}));
  CHECK(result.at("missing") == json::array({"gone", "lost", "mute"}));
  // A list that names them has done what it was asked.
  CHECK(doctor.command({"deliveries", result.at("message_id")}).at("missing") ==
        result.at("missing"));

  const auto all = doctor.try_command({"message", "alice", "and you?", "--wait", "60"});
  CHECK(all.status == 0);
  CHECK(json::parse(all.output).at("missing").empty());
}

TEST_CASE("a newcomer is sent what the doctor wants newcomers to have") {
  doctor_program doctor("ristretto255");
  doctor.command({"broadcast", "for who is here"});
  doctor.command({"broadcast", "for all to come", "--include-new"});
  patient_program bob("bob");
  bob.sign_in(doctor);
  const auto message = bob.events().await("message");
  CHECK(message.at("text") == "for all to come");
  CHECK(doctor.events().await("delivery").at("patient") == "bob");
  CHECK(bob.events().seen("message") == 0);
}

}  // namespace wardline::test
