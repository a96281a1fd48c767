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
  scripted_patient mute("mute", "ristretto255");
  auto visit = enrol(doctor, mute);
  const auto id = doctor.command({"broadcast", "Fire on ward 3"}).at("message_id");

  // It reads what it is sent, and never answers.
  const auto again = visit.await<protocol::content>(protocol::frame_type::direct);
  CHECK(again.type == protocol::content_type::redelivered_broadcast);

  const auto news = doctor.events().await("overdue");
  CHECK(news.at("message_id") == id);
  CHECK(news.at("patients") == json::array({"mute"}));
  CHECK(news.at("missing") == json::array({"mute"}));
  CHECK(news.at("recipients") == 2);
  CHECK(news.at("decrypted") == 1);
  const auto shown = doctor.command({"deliveries", id.get<std::string>()});
  CHECK(shown.at("missing") == json::array({"mute"}));
  CHECK_FALSE(shown.at("deliveries").at(0).at("overdue_at").is_null());

  while (!std::filesystem::exists(out.string() + ".done")) doctor.command({"status"});
  std::ifstream in(out.string() + ".done");
  std::string line;
  REQUIRE(std::getline(in, line));
  CHECK(json::parse(line) == news);
  CHECK(line.find("Fire") == std::string::npos);

  doctor.restart();
  // Another that becomes overdue: by then the first would have been told again.
  auto second = sign_in(doctor, mute, to(doctor));
  const auto next = doctor.command({"broadcast", "again"}).at("message_id");
  CHECK(doctor.events().await("overdue").at("message_id") == next);
  CHECK(doctor.events().seen("overdue") == 0);
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
