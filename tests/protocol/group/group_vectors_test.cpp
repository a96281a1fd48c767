#include <nlohmann/json.hpp>

#include "protocol/group/doctor_group.hpp"
#include "protocol/group/patient_group.hpp"
#include "tests/protocol/outcome.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/scripted_random.hpp"
#include "tests/support/vectors.hpp"

using namespace wardline;
using namespace wardline::protocol;
using namespace wardline::test;
using nlohmann::json;

namespace {

secret<32> secret_of(const json& text) {
  const auto data = hex(text);
  REQUIRE(data.size() == 32);
  return secret<32>(byte_view(data).first<32>());
}

crypto::own_identity doctor_of(const group_vectors& group) {
  const auto& i = group["identities"]["doctor"];
  return {secret_of(i["seed"]), crypto::role::doctor, group.id, i["id"].get<std::string>()};
}

group_key key_of(const json& plaintext) {
  auto key = decode<group_key>(hex(plaintext));
  REQUIRE(outcome(key) == "ok");
  return std::move(*key);
}

broadcast_position position_of(const json& b) { return {b["generation"], b["ratchet"], b["seq"]}; }

}  // namespace

TEST_CASE("the group key, its ratchet and its keys are those of the vectors") {
  for (const auto& group : vector_groups()) {
    INFO(group.name);
    const auto& v = group["group"];
    const auto doctor = doctor_of(group);
    CHECK(to_bytes(doctor.group_secret().view()) == hex(v["group_secret"]));

    scripted_random random{hex(v["salt"])};
    doctor_group g(doctor.group_secret(), random);
    g.join("patient-2", secret_of(v["contribution_patient"]));
    g.join("patient-10", secret_of(v["contribution_other"]));
    g.open_generation(v["generation"], 0);
    for (const auto& step : v["ratchet"]) {
      INFO("step " << step["step"]);
      const auto key = g.current_key();
      CHECK(key.ratchet == step["step"]);
      CHECK(to_bytes(key.gk.view()) == hex(step["gk"]));
      const auto keys = derive_broadcast_keys(key.gk);
      CHECK(to_bytes(keys.key.view()) == hex(step["key"]));
      CHECK(to_bytes(keys.iv) == hex(step["iv"]));
      g.join("another" + std::to_string(key.ratchet), {});
    }
    CHECK(g.current_key().ratchet == 4);
  }
}

TEST_CASE("the broadcasts of the vectors are sealed, opened and verified") {
  std::size_t count = 0;
  zero_random random;
  for (const auto& group : vector_groups()) {
    const auto& v = group["group"];
    const auto doctor = doctor_of(group);
    CHECK(to_bytes(crypto::shorten(doctor.own_fingerprint()).view()) == hex(v["doctor_fp"]));
    patient_group patient(doctor.public_part());
    REQUIRE(patient.install(key_of(v["group_key_plaintext"])).has_value());
    for (const auto& b : v["broadcasts"]) {
      INFO(group.name << ": seq " << b["seq"]);
      const auto content = hex(b["content"]);
      const auto whole = hex(b["frame"]);
      const auto position = position_of(b);
      const auto gk = secret_of(v["ratchet"][position.ratchet]["gk"]);
      const auto sealed =
          seal_broadcast(doctor, {position, derive_broadcast_keys(gk)}, content, random);
      CHECK(sealed.frame == whole);
      CHECK(sealed.signature == hex(b["signature"]));

      const auto opened = patient.open(decode_frame(whole, session_frame_limit).value(), {});
      REQUIRE(outcome(opened) == "ok");
      CHECK(opened->missed == 0);
      CHECK(opened->broadcast.position == position);
      CHECK(opened->broadcast.encoded_content == content);
      CHECK(opened->broadcast.signature == sealed.signature);
      CHECK(outcome(verify_broadcast(doctor.public_part(), opened->broadcast)) == "ok");
      ++count;
    }
  }
  CHECK(count == 8);
}

TEST_CASE("every broadcast that the vectors call wrong is refused by the error they name") {
  std::size_t count = 0;
  for (const auto& group : vector_groups()) {
    const auto cases = group.negative("patient_broadcast");
    if (cases.empty()) continue;
    const auto doctor = doctor_of(group);
    for (const auto* const c : cases) {
      INFO(group.name << ": " << (*c)["name"]);
      patient_group patient(doctor.public_part());
      REQUIRE(patient.install(key_of((*c)["input"]["group_key"])).has_value());
      const auto whole = hex((*c)["input"]["frame"]);
      const auto f = decode_frame(whole, session_frame_limit);
      REQUIRE(outcome(f) == "ok");
      CHECK(outcome(patient.open(*f, {})) == name(expected_error(*c)));
      ++count;
    }
  }
  CHECK(count == 26);
}

TEST_CASE("every redelivery that the vectors call wrong is refused by the error they name") {
  std::size_t count = 0;
  for (const auto& group : vector_groups()) {
    const auto cases = group.negative("patient_redelivery");
    if (cases.empty()) continue;
    const auto doctor = doctor_of(group).public_part();
    for (const auto* const c : cases) {
      INFO(group.name << ": " << (*c)["name"]);
      const auto b = read_redelivery(hex((*c)["input"]["body"]));
      CHECK((b ? outcome(verify_broadcast(doctor, *b)) : outcome(b)) == name(expected_error(*c)));
      ++count;
    }
  }
  CHECK(count == 4);
}

TEST_CASE("the redelivery of the vectors verifies as the broadcast did") {
  for (const auto& group : vector_groups()) {
    INFO(group.name);
    const auto doctor = doctor_of(group).public_part();
    for (const auto& f : group["session"]["frames"]) {
      if (f["name"] != "redelivered broadcast") continue;
      const auto outer = decode<content>(hex(f["plaintext"]));
      REQUIRE(outcome(outer) == "ok");
      const auto b = read_redelivery(outer->body);
      REQUIRE(outcome(b) == "ok");
      CHECK(outcome(verify_broadcast(doctor, *b)) == "ok");
    }
  }
}
