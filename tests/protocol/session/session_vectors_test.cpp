#include <nlohmann/json.hpp>

#include "protocol/session/counter_nonce.hpp"
#include "protocol/session/secure_channel.hpp"
#include "protocol/session/session_keys.hpp"
#include "tests/protocol/outcome.hpp"
#include "tests/support/catch.hpp"
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

session_key key_of(const group_vectors& group) { return secret_of(group["handshake"]["SK"]); }

frame frame_of(const bytes& whole) { return decode_frame(whole, session_frame_limit).value(); }

bool is(const direction_keys& keys, const json& expected) {
  return to_bytes(keys.key.view()) == hex(expected["key"]) &&
         to_bytes(keys.iv) == hex(expected["iv"]);
}

std::string_view opened(secure_channel& channel, const bytes& whole) {
  const auto f = decode_frame(whole, session_frame_limit);
  return f ? outcome(channel.open(*f)) : outcome(f);
}

// The frames of one direction, in the order of its counter.
std::vector<const json*> frames_of(const group_vectors& group, std::string_view direction) {
  std::vector<const json*> out;
  for (const auto& f : group["session"]["frames"]) {
    if (f["direction"] != direction) continue;
    REQUIRE(f["counter"] == out.size());
    out.push_back(&f);
  }
  return out;
}

}  // namespace

TEST_CASE("the keys of both directions follow from the session key") {
  for (const auto& group : vector_groups()) {
    INFO(group.name);
    const auto& s = group["session"];
    const auto p2d = derive_p2d_keys(key_of(group));
    const auto d2p = derive_d2p_keys(key_of(group));
    CHECK(is(p2d, s["p2d"]));
    CHECK(is(d2p, s["d2p"]));
    CHECK(is(next_direction_keys(p2d), s["p2d"]["rekey"]));
    CHECK(is(next_direction_keys(d2p), s["d2p"]["rekey"]));
  }
}

TEST_CASE("every frame of the session is sealed and opened as in the vectors") {
  std::size_t count = 0;
  for (const auto& group : vector_groups()) {
    secure_channel doctor(key_of(group), side::doctor);
    secure_channel patient(key_of(group), side::patient);
    for (const auto* const direction : {"d2p", "p2d"}) {
      const bool to_patient = std::string_view(direction) == "d2p";
      auto& from = to_patient ? doctor : patient;
      auto& to = to_patient ? patient : doctor;
      for (const auto* const f : frames_of(group, direction)) {
        INFO(group.name << ": " << direction << " " << (*f)["name"]);
        const auto whole = hex((*f)["frame"]);
        const auto plaintext = hex((*f)["plaintext"]);
        CHECK(from.seal(frame_of(whole).type, plaintext) == whole);
        const auto out = to.open(frame_of(whole));
        REQUIRE(outcome(out) == "ok");
        CHECK(to_bytes(out->view()) == plaintext);
        ++count;
      }
    }
  }
  CHECK(count == 44);
}

TEST_CASE("every protected frame that the vectors call wrong is refused by the error they name") {
  std::size_t count = 0;
  for (const auto& group : vector_groups()) {
    for (const auto own : {side::patient, side::doctor}) {
      const bool is_patient = own == side::patient;
      for (const auto* const c : group.negative(is_patient ? "patient_open" : "doctor_open")) {
        INFO(group.name << ": " << (*c)["name"]);
        secure_channel channel(key_of(group), own);
        const auto real = frames_of(group, is_patient ? "d2p" : "p2d");
        const auto counter = (*c)["input"]["counter"].get<std::size_t>();
        for (std::size_t i = 0; i < counter; ++i) {
          REQUIRE(opened(channel, hex((*real.at(i))["frame"])) == "ok");
        }
        CHECK(opened(channel, hex((*c)["input"]["frame"])) == name(expected_error(*c)));
        ++count;
      }
    }
  }
  CHECK(count == 18);
}

TEST_CASE("the frames around the change of keys are those of the vectors") {
  std::size_t count = 0;
  for (const auto& group : vector_groups()) {
    for (const auto* const name : {"p2d", "d2p"}) {
      INFO(group.name << ": " << name);
      const auto& v = group["session"][name]["rekey"];
      auto keys = std::string_view(name) == "p2d" ? derive_p2d_keys(key_of(group))
                                                  : derive_d2p_keys(key_of(group));
      const auto last = hex(v["frame_last_old_key"]);
      const auto plaintext =
          crypto::aes256_gcm(keys.key).open(counter_nonce(keys.iv, frames_per_key - 1),
                                            frame_of(last).header(), frame_of(last).body());
      REQUIRE(outcome(plaintext) == "ok");
      CHECK(to_bytes(plaintext->view()) == hex(v["plaintext_last"]));

      direction next(next_direction_keys(keys));
      CHECK(next.seal(frame_type::check, hex(v["plaintext_first"])) ==
            hex(v["frame_first_new_key"]));
      ++count;
    }
  }
  CHECK(count == 8);
}

TEST_CASE("after 2^20 frames both ends change their keys by themselves") {
  const auto& group = vectors_of(crypto::group_id::ristretto255);
  const auto& v = group["session"]["p2d"]["rekey"];
  secure_channel doctor(key_of(group), side::doctor);
  secure_channel patient(key_of(group), side::patient);
  for (std::uint64_t i = 0; i + 1 < frames_per_key; ++i) {
    const auto whole = patient.seal(frame_type::check, {});
    if (!doctor.open(frame_of(whole))) FAIL("frame " << i);
  }
  const auto exchange = [&](const json& plaintext, const json& expected) {
    const auto whole = patient.seal(frame_type::check, hex(plaintext));
    CHECK(whole == hex(expected));
    const auto out = doctor.open(frame_of(whole));
    REQUIRE(outcome(out) == "ok");
    CHECK(to_bytes(out->view()) == hex(plaintext));
  };
  exchange(v["plaintext_last"], v["frame_last_old_key"]);
  exchange(v["plaintext_first"], v["frame_first_new_key"]);
}

TEST_CASE("what else follows from a session key") {
  for (const auto& group : vector_groups()) {
    INFO(group.name);
    const auto sk = key_of(group);
    const auto& h = group["handshake"];
    const auto th4 = crypto::digest::from(hex(h["th4"])).value();
    CHECK(to_bytes(compute_verifier(sk, th4, h["verifier"]["ts_v"]).view()) ==
          hex(h["verifier"]["skv"]));

    const auto& r = group["resumption"];
    const auto nonce = token_nonce::from(hex(r["token_nonce"])).value();
    CHECK(to_bytes(derive_resumption_secret(sk, nonce).view()) == hex(r["RS"]));
    const auto thr2 = crypto::digest::from(hex(r["thr2"])).value();
    CHECK(to_bytes(compute_verifier(secret_of(r["SK"]), thr2, r["ts_v"]).view()) == hex(r["skv"]));

    CHECK(to_bytes(derive_group_contribution(sk).view()) ==
          hex(group["group"]["contribution_patient"]));
    CHECK(to_bytes(derive_group_contribution(secret_of(group["group"]["other_SK"])).view()) ==
          hex(group["group"]["contribution_other"]));
  }
}

TEST_CASE("the receipts of the vectors are made and accepted") {
  std::size_t count = 0;
  for (const auto& group : vector_groups()) {
    const auto key = derive_receipt_key(key_of(group));
    const auto content = hex(group["group"]["broadcasts"][0]["content"]);
    for (const auto* const f : frames_of(group, "p2d")) {
      if ((*f)["name"].get<std::string>().rfind("receipt", 0) != 0) continue;
      INFO(group.name << ": " << (*f)["name"]);
      const auto plaintext = hex((*f)["plaintext"]);
      const auto r = decode<receipt>(plaintext);
      REQUIRE(outcome(r) == "ok");
      CHECK(outcome(check_receipt(key, *r, content)) == "ok");
      CHECK(encode(make_receipt(key, r->message_id, r->opened_at, r->state, content)) == plaintext);
      ++count;
    }
  }
  CHECK(count == 8);
}

TEST_CASE("every receipt that the vectors call wrong is refused by the error they name") {
  std::size_t count = 0;
  for (const auto& group : vector_groups()) {
    const auto key = derive_receipt_key(key_of(group));
    for (const auto* const c : group.negative("doctor_receipt")) {
      INFO(group.name << ": " << (*c)["name"]);
      const auto& input = (*c)["input"];
      const auto judge = [&]() -> std::string_view {
        const auto r = decode<receipt>(hex(input["plaintext"]));
        if (!r) return outcome(r);
        // One for a message that was never sent is held against all that were.
        const auto sent = input["sent"].begin().value();
        return outcome(check_receipt(key, *r, hex(sent)));
      };
      CHECK(judge() == name(expected_error(*c)));
      ++count;
    }
  }
  CHECK(count == 16);
}
