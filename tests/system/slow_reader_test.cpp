// "A bounded write queue per patient: a patient that can't keep up is disconnected, never waited
// for, and its broadcasts stay undelivered, not forgotten."
#include "protocol/group/sealed_broadcast.hpp"
#include "tests/support/catch.hpp"
#include "tests/system/visits.hpp"

namespace wardline::test {
namespace {

using protocol::frame_type;

// What the kernel takes off the gateway's hands for one connection (net.ipv4.tcp_wmem, 4 MiB) and
// the queue are both full after fewer than this many.
constexpr int enough_broadcasts = 400;

// Redelivered, as a patient reads it: the text, and the receipt goes back.
std::string receive_redelivery(patient_visit& visit) {
  const auto outer = visit.await<protocol::content>(frame_type::direct);
  REQUIRE(outer.type == protocol::content_type::redelivered_broadcast);
  const auto again = protocol::read_redelivery(outer.body).value();
  CHECK(protocol::verify_broadcast(visit.up->doctor, again).has_value());
  visit.send_receipt(again.content);
  return std::string(as_text(again.content.body));
}

}  // namespace

TEST_CASE(
    "a patient who does not read is disconnected, and loses nothing, and others wait for nobody") {
  const std::string queue = GENERATE(as<std::string>{}, "131072", "1048576");
  CAPTURE(queue);
  doctor_program doctor("ristretto255", {"--max-queue", queue});
  patient_program prompt("prompt");
  prompt.sign_in(doctor);
  scripted_patient slow("slow", "ristretto255");
  enrol(doctor, slow).peer.close();
  doctor.events().await("patient_disconnected", where("id", "slow"));

  auto how = to(doctor);
  how.receive_buffer = 4096;
  auto stuck = sign_in(doctor, slow, how);
  std::vector<std::string> texts;
  while (doctor.events().seen("patient_disconnected") == 0) {
    REQUIRE(texts.size() < enough_broadcasts);
    auto text = std::to_string(texts.size()) + ": " + std::string(57'000, 'x');
    doctor.command({"broadcast", text});
    CHECK(prompt.events().await("message").at("text") == text);
    doctor.events().await("delivery", where("patient", "prompt"));
    texts.push_back(std::move(text));
  }
  const auto ended = doctor.events().await("patient_disconnected");
  CHECK(ended.at("id") == "slow");
  CHECK(ended.at("reason") == "busy");

  // All of them, in order: it has decrypted none.
  auto back = sign_in(doctor, slow, resuming(to(doctor)));
  for (const auto& text : texts) {
    CHECK(receive_redelivery(back) == text);
    CHECK(doctor.events().await("delivery", where("patient", "slow")).at("state") == "decrypted");
  }
}

TEST_CASE("a patient who reads a long backlog slowly is not taken for one who does not read") {
  doctor_program doctor("ristretto255", {"--max-queue", "131072"});
  scripted_patient slow("slow", "ristretto255");
  enrol(doctor, slow).peer.close();
  doctor.events().await("patient_disconnected");
  constexpr int count = 20;
  for (int i = 0; i < count; ++i) doctor.command({"broadcast", std::string(57'000, 'x')});

  auto how = resuming(to(doctor));
  how.receive_buffer = 4096;
  auto back = sign_in(doctor, slow, how);
  for (int i = 0; i < count; ++i) receive_redelivery(back);
  for (int i = 0; i < count; ++i) doctor.events().await("delivery");
  CHECK(doctor.events().seen("patient_disconnected") == 0);
}

}  // namespace wardline::test
