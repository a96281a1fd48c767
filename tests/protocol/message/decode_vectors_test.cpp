#include <functional>
#include <map>

#include <nlohmann/json.hpp>

#include "protocol/message/announcement.hpp"
#include "protocol/message/auth_request.hpp"
#include "protocol/message/auth_response.hpp"
#include "protocol/message/broadcast.hpp"
#include "protocol/message/check.hpp"
#include "protocol/message/content.hpp"
#include "protocol/message/disconnect.hpp"
#include "protocol/message/group_key.hpp"
#include "protocol/message/invite.hpp"
#include "protocol/message/receipt.hpp"
#include "protocol/message/resume.hpp"
#include "protocol/message/session_token.hpp"
#include "protocol/message/verifier.hpp"
#include "tests/protocol/outcome.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/scripted_random.hpp"
#include "tests/support/vectors.hpp"

using namespace wardline;
using namespace wardline::protocol;
using namespace wardline::test;
using nlohmann::json;

namespace {

template <class Message>
std::string_view decoded(byte_view data) {
  return outcome(decode<Message>(data));
}

const std::map<std::string, std::function<std::string_view(byte_view)>> decoders{
    {"content", decoded<content>},     {"session_token", decoded<session_token>},
    {"group_key", decoded<group_key>}, {"disconnect", decoded<disconnect>},
    {"check", decoded<check>},
};

template <class Message>
Message read(byte_view data) {
  auto m = decode<Message>(data);
  REQUIRE(outcome(m) == "ok");
  CHECK(encode(*m) == to_bytes(data));
  return std::move(*m);
}

bytes body_of(const json& whole) {
  const auto data = hex(whole);
  return to_bytes(byte_view(data).subspan(header_size));
}

crypto::own_identity identity_of(const group_vectors& group, const char* who) {
  const auto& i = group["identities"][who];
  crypto::identity_seed seed;
  const auto data = hex(i["seed"]);
  std::copy(data.begin(), data.end(), seed.writable().begin());
  return {seed, static_cast<crypto::role>(i["role"].get<int>()), group.id,
          i["id"].get<std::string>()};
}

const json& session_frame(const group_vectors& group, std::string_view name) {
  for (const auto& f : group["session"]["frames"]) {
    if (f["name"] == name) return f;
  }
  throw std::runtime_error("no such frame");
}

template <class Fixed>
bool is(const Fixed& value, const json& expected) {
  return to_bytes(value.view()) == hex(expected);
}

}  // namespace

TEST_CASE("every struct that the vectors call malformed is refused by the error they name") {
  std::size_t count = 0;
  std::size_t others = 0;
  for (const auto& group : vector_groups()) {
    for (const auto* const c : group.negative("decode")) {
      INFO(group.name << ": " << (*c)["name"]);
      const auto& input = (*c)["input"];
      const auto decoder = decoders.find(input["struct"].get<std::string>());
      if (decoder == decoders.end()) {
        CHECK(input["struct"] == "identity_struct");  // with the tests of identities
        ++others;
        continue;
      }
      CHECK(decoder->second(hex(input["bytes"])) == name(expected_error(*c)));
      ++count;
    }
  }
  CHECK(count == 42);
  CHECK(others == 33);
}

TEST_CASE("the identity frame of the vectors is made and read") {
  zero_random random;
  for (const auto& group : vector_groups()) {
    INFO(group.name);
    const auto& v = group["handshake"]["identity"];
    const auto doctor = identity_of(group, "doctor");
    CHECK(make_announcement(doctor, v["time"], random) == hex(v["frame"]));
    const auto a = read_announcement(body_of(v["frame"]));
    REQUIRE(outcome(a) == "ok");
    CHECK(a->doctor == doctor.public_part());
    CHECK(a->time == v["time"]);
  }
}

TEST_CASE("an identity frame that was tampered with is refused") {
  std::size_t count = 0;
  for (const auto& group : vector_groups()) {
    for (const auto* const c : group.negative("patient_identity")) {
      INFO(group.name << ": " << (*c)["name"]);
      const auto read = outcome(read_announcement(body_of((*c)["input"]["frame"])));
      // Whether it is the pinned doctor is for the handshake to say.
      CHECK(read == (expected_error(*c) == errc::wrong_doctor ? "ok" : name(expected_error(*c))));
      ++count;
    }
    const auto body = body_of(group["handshake"]["identity"]["frame"]);
    for (std::size_t n = 0; n < body.size(); ++n) {
      if (outcome(read_announcement(byte_view(body).first(n))) != "invalid_encoding") {
        FAIL(group.name << ": cut at " << n);
      }
    }
  }
  CHECK(count == 8);
}

TEST_CASE("auth_request and auth_response of the vectors are read") {
  for (const auto& group : vector_groups()) {
    INFO(group.name);
    const auto& h = group["handshake"];
    const auto& suite = crypto::suite_of(group.id);
    const auto doctor = identity_of(group, "doctor");
    const auto fp = crypto::shorten(doctor.own_fingerprint());
    const auto body = body_of(h["auth_request"]["frame"]);
    const auto request = read_auth_request(body, suite, fp);
    REQUIRE(outcome(request) == "ok");
    CHECK(request->group == static_cast<byte>(group.id));
    CHECK(request->doctor == fp);
    CHECK(request->ts_p == h["auth_request"]["ts_p"]);
    CHECK(is(request->rn_p, h["auth_request"]["rn_p"]));
    CHECK(request->e == hex(h["auth_request"]["E"]));
    CHECK(auth_request::fields_size(suite.element_size()) + 2 + request->sealed1.size() ==
          body.size());
    for (std::size_t n = 0; n < body.size(); ++n) {
      if (outcome(read_auth_request(byte_view(body).first(n), suite, fp)) != "invalid_encoding") {
        FAIL("cut at " << n);
      }
    }

    for (const auto* const kind : {"auth_request", "invited"}) {
      const auto plain1 = hex(h[kind]["plain1"]);
      const auto secret = read_auth_request_secret(plain1);
      REQUIRE(outcome(secret) == "ok");
      CHECK(crypto::encode(secret->patient) == hex(group["identities"]["patient"]["identity"]));
      CHECK(secret->invite_proof ==
            (h[kind].contains("invite_proof") ? hex(h[kind]["invite_proof"]) : bytes{}));
      CHECK(secret->signature.size() == suite.signature_size());
      CHECK(secret->signed_size + 2 + secret->signature.size() == plain1.size());
    }

    const auto response_body = body_of(h["auth_response"]["frame"]);
    const auto response = read_auth_response(response_body, suite);
    REQUIRE(outcome(response) == "ok");
    CHECK(response->ts_d == h["auth_response"]["ts_d"]);
    CHECK(is(response->rn_d, h["auth_response"]["rn_d"]));
    CHECK(response->f == hex(h["auth_response"]["F"]));
    CHECK(auth_response::fields_size(suite.element_size()) + 2 + response->sealed2.size() ==
          response_body.size());
  }
}

TEST_CASE("an auth_request for another group or doctor is told from its first bytes") {
  const auto& group = vectors_of(crypto::group_id::ristretto255);
  const auto& suite = crypto::suite_of(group.id);
  const auto fp = crypto::shorten(identity_of(group, "doctor").own_fingerprint());
  auto body = body_of(group["handshake"]["auth_request"]["frame"]);
  body.resize(9);
  CHECK(outcome(read_auth_request(body, suite, fp)) == "invalid_encoding");
  body[8] ^= 1U;
  CHECK(outcome(read_auth_request(body, suite, fp)) == "wrong_doctor");
  body[8] ^= 1U;
  body[0] = 2;
  CHECK(outcome(read_auth_request(body, suite, fp)) == "wrong_doctor");
}

TEST_CASE("verifier and resumption messages of the vectors are read and written") {
  for (const auto& group : vector_groups()) {
    INFO(group.name);
    const auto& h = group["handshake"]["verifier"];
    const auto v = read<verifier>(body_of(h["frame"]));
    CHECK(v.ts_v == h["ts_v"]);
    CHECK(is(v.skv, h["skv"]));

    const auto& r = group["resumption"];
    const auto request = read<resume_request>(body_of(r["request"]));
    CHECK(request.token == hex(r["token"]));
    CHECK(request.ts_p == r["ts_p"]);
    CHECK(is(request.rn_p, r["rn_p"]));
    CHECK(is(request.binder, r["binder"]));
    const auto response = read<resume_response>(body_of(r["response"]));
    CHECK(response.ts_d == r["ts_d"]);
    CHECK(is(response.rn_d, r["rn_d"]));
    CHECK(is(response.mac, r["mac"]));
    const auto again = read<verifier>(body_of(r["verifier"]));
    CHECK(again.ts_v == r["ts_v"]);
    CHECK(is(again.skv, r["skv"]));
    read<session_token>(hex(r["session_token_plaintext"]));
  }
}

TEST_CASE("the plaintexts of the session's frames are read and written") {
  for (const auto& group : vector_groups()) {
    INFO(group.name);
    const auto plaintext = [&](std::string_view name) {
      return hex(session_frame(group, name)["plaintext"]);
    };
    const auto token = read<session_token>(plaintext("SESSION_TOKEN"));
    CHECK(token.token == hex(group["resumption"]["token"]));
    CHECK(is(token.token_nonce, group["resumption"]["token_nonce"]));
    CHECK(token.scopes == scope::all);
    CHECK(token.heartbeat_s == 30);
    const auto key = read<group_key>(plaintext("GROUP_KEY"));
    CHECK(key.generation == 7);
    CHECK(key.next_seq == 3);
    CHECK(read<content>(plaintext("direct text")).type == content_type::text);
    CHECK_FALSE(read<check>(plaintext("check")).is_reply);
    CHECK(read<check>(plaintext("check reply")).is_reply);
    CHECK(read<receipt>(plaintext("receipt: decrypted")).state == receipt_state::decrypted);
    CHECK(read<receipt>(plaintext("receipt: acknowledged")).state == receipt_state::acknowledged);
    const auto over = read<disconnect>(plaintext("DISCONNECT session_over"));
    CHECK(over.reason == disconnect_reason::session_over);
    CHECK(over.text == "The round is over.");
    CHECK(read<disconnect>(plaintext("DISCONNECT goodbye")).reason == disconnect_reason::goodbye);

    const auto outer = read<content>(plaintext("redelivered broadcast"));
    CHECK(outer.type == content_type::redelivered_broadcast);
    const auto inner = read_redelivery(outer.body);
    REQUIRE(outcome(inner) == "ok");
    CHECK(inner->content.id == outer.id);
    CHECK(inner->position == broadcast_position{7, 0, 3});
    CHECK(inner->encoded_content == hex(group["group"]["broadcasts"][0]["content"]));
    CHECK(inner->signature == hex(group["group"]["broadcasts"][0]["signature"]));
    CHECK(encode_redelivery(*inner) == outer.body);
    for (std::size_t n = 0; n < outer.body.size(); ++n) {
      if (outcome(read_redelivery(byte_view(outer.body).first(n))) != "invalid_encoding") {
        FAIL("cut at " << n);
      }
    }
  }
}

TEST_CASE("the invite of the vectors is read and written") {
  for (const auto& group : vector_groups()) {
    INFO(group.name);
    const auto& v = group["invite"];
    const auto i = invite_from_text(v["text"].get<std::string>());
    REQUIRE(outcome(i) == "ok");
    CHECK(i->host == v["host"]);
    CHECK(i->port == v["port"]);
    CHECK(is(i->doctor, v["doctor_fingerprint"]));
    CHECK(i->patient_id == v["patient_id"]);
    CHECK(i->expires == v["expires"]);
    CHECK(is(i->secret, v["secret"]));
    CHECK(to_text(*i) == v["text"]);
  }
}

TEST_CASE("every invite that the vectors call malformed is refused by the error they name") {
  std::size_t count = 0;
  for (const auto& group : vector_groups()) {
    for (const auto* const c : group.negative("invite")) {
      INFO(group.name << ": " << (*c)["name"]);
      CHECK(outcome(invite_from_text((*c)["input"]["text"].get<std::string>())) ==
            name(expected_error(*c)));
      ++count;
    }
  }
  CHECK(count == 12);
}
