#include "tests/system/adversary/ward.hpp"

#include "tests/support/catch.hpp"

namespace wardline::test::adversary {

std::vector<std::string> patient_limits() {
  return {"--max-failures",    "1000000", "--handshake-rate",    "100000",
          "--handshake-burst", "100000",  "--handshake-timeout", "1h",
          "--heartbeat",       "1h",      "--waiting-time",      "1h"};
}

honest_patient::honest_patient(doctor_program& gateway, const std::string& id)
    : gateway_(gateway), program_(id) {
  program_.sign_in(gateway_);
  for (const auto& p : gateway_.command({"patients"})) {
    if (p.at("id") == id) fingerprint_ = p.at("fingerprint");
  }
}

void honest_patient::must_be_unharmed() {
  auto& events = gateway_.events();
  const std::string words = "to all, " + std::to_string(++said_);
  gateway_.command({"broadcast", words});
  CHECK(program_.events().await("message").at("text") == words);
  program_.say("send here, " + std::to_string(said_));
  CHECK(events.await("message", where("from", program_.id())).at("text") ==
        "here, " + std::to_string(said_));
  CHECK(program_.events().seen("disconnected") == 0);
  CHECK(program_.events().seen("message") == 0);
  CHECK(program_.events().seen("error") == 0);

  bool found = false;
  for (const auto& p : gateway_.command({"patients"})) {
    if (p.at("id") != program_.id()) continue;
    found = true;
    CHECK(p.at("connected") == true);
    CHECK(p.at("blocked") == false);
    CHECK(p.at("fingerprint") == fingerprint_);
  }
  CHECK(found);
}

std::map<std::string, std::uint64_t> audit_of(doctor_program& gateway) {
  gateway.stop();
  std::map<std::string, std::uint64_t> out;
  for (const auto& r : gateway.command({"audit"})) {
    const std::string detail = r.at("detail");
    const std::string reason = r.at("reason");
    const auto name = r.at("event").get<std::string>() + (reason.empty() ? "" : "/" + reason);
    out[name] += detail.rfind("count=", 0) == 0 ? std::stoull(detail.substr(6)) : 1;
  }
  return out;
}

}  // namespace wardline::test::adversary
