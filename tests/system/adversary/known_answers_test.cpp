// The independent peer is right: it calculates what the vectors say. (They are not ours alone: see
// their note. What it shares with the product is nothing else.)
#include <fstream>

#include <nlohmann/json.hpp>

#include "tests/support/catch.hpp"
#include "tests/support/counts.hpp"
#include "tests/system/adversary/handshake.hpp"

namespace wardline::test::adversary {
namespace {

using json = nlohmann::json;

const json& all_vectors() {
  static const json whole =
      json::parse(std::ifstream(std::string(WARDLINE_VECTORS_DIR) + "/wardline-v1.json"));
  return whole;
}

octets bytes_of(const json& text) { return unhex(text.get<std::string>()); }

std::string without_prefix(const std::string& context) {
  return context.substr(std::string("wardline/1 ").size());
}

arrived frame_of(const json& text) { return {bytes_of(text)}; }

}  // namespace

TEST_CASE("the adversary's peer calculates what the vectors say") {
  const auto name =
      GENERATE(as<std::string>{}, "ffdhe2048", "ffdhe3072", "ffdhe4096", "ristretto255");
  CAPTURE(name);
  const group& g = group_named(name);
  const json& v = all_vectors().at("groups").at(name);
  int answers = 0;
  const auto same = [&](const octets& ours, const json& known) {
    CHECK(hex(ours) == known.get<std::string>());
    ++answers;
  };

  if (g.id != 4) same(modulus_of(g).to_big_endian(g.element_size), v["parameters"]["p"]);
  same(g.q.to_big_endian(g.scalar_size), v["parameters"]["q"]);

  const auto known = [&](const std::string& who) {
    const json& i = v["identities"][who];
    return own_identity(i["role"].get<std::uint8_t>(), g, i["id"], bytes_of(i["seed"]));
  };
  for (const auto& [who, i] : v["identities"].items()) {
    const auto ours = known(who);
    same(g.enc_q(ours.x_sig), i["x_sig"]);
    same(g.enc_q(ours.x_kem), i["x_kem"]);
    same(ours.shown_to_all.encoded(), i["identity"]);
    same(ours.shown_to_all.fingerprint(), i["fingerprint"]);
    CHECK(shown(ours.shown_to_all.fingerprint()) == i["display"]);
  }

  const auto doctor = known("doctor");
  const auto patient = known("patient");
  for (const auto& s : v["signatures"]) {
    const auto context = without_prefix(s["ctx"]);
    const bool by_doctor = bytes_of(s["y"]) == doctor.shown_to_all.y_sig;
    const auto& signer = by_doctor ? doctor : patient;
    const auto signature = signer.sign(context, bytes_of(s["m"]), bytes_of(s["rnd32"]));
    same(signature, s["signature"]);
    CHECK(g.verify(bytes_of(s["y"]), context, bytes_of(s["m"]), signature));
    CHECK_FALSE(g.verify(bytes_of(s["y"]), context, bytes_of(s["m"]) + u8(0), signature));
  }
  for (const auto& d : v["dh"])
    same(g.dh(g.dec_q(bytes_of(d["x"])), bytes_of(d["y"])), d["shared"]);

  // Section 6, both ends.
  const json& h = v["handshake"];
  const json& asked = h["auth_request"];
  const json& answered = h["auth_response"];
  const request_values values{g.dec_q(bytes_of(asked["a"])), bytes_of(asked["rn_p"]),
                              asked["ts_p"].get<std::uint64_t>()};
  const reception_desk announcing(doctor);
  same(announcing.announce(h["identity"]["time"].get<std::uint64_t>()), h["identity"]["frame"]);
  sign_in signing(patient, doctor.shown_to_all, values);
  same(signing.request(), asked["frame"]);
  same(signing.ck1, h["ck1"]);
  same(signing.th2, h["th2"]);
  reception_desk desk(doctor);
  CHECK(desk.on_request(frame_of(asked["frame"])));
  same(desk.respond(g.dec_q(bytes_of(answered["b"])), bytes_of(answered["rn_d"]),
                    answered["ts_d"].get<std::uint64_t>()),
       answered["frame"]);
  CHECK(signing.on_response(frame_of(answered["frame"])));
  same(signing.th3, h["th3"]);
  same(signing.ck3, h["ck3"]);
  same(signing.sk, h["SK"]);
  same(desk.sk, h["SK"]);
  same(signing.verifier_at(h["verifier"]["ts_v"].get<std::uint64_t>()), h["verifier"]["frame"]);
  CHECK(desk.on_verifier(frame_of(h["verifier"]["frame"])));
  const auto told_to_wait = h["waiting"]["seconds"].get<std::uint32_t>();
  same(desk.waiting_for(told_to_wait), h["waiting"]["frame"]);
  CHECK(signing.on_waiting(frame_of(h["waiting"]["frame"])) == told_to_wait);
  sign_in invited(patient, doctor.shown_to_all, values);
  same(invited.request(
           [&](request_parts& r) { r.invite_secret = bytes_of(h["invited"]["secret"]); }),
       h["invited"]["frame"]);

  // Section 8.
  const auto sk = bytes_of(h["SK"]);
  direction d2p(sk, "d2p");
  direction p2d(sk, "p2d");
  direction d2p_again(sk, "d2p");
  for (const auto& f : v["session"]["frames"]) {
    const arrived frame = frame_of(f["frame"]);
    auto& way = f["direction"] == "d2p" ? d2p : p2d;
    same(way.seal(frame.kind(), bytes_of(f["plaintext"])), f["frame"]);
    if (f["direction"] == "d2p") CHECK(d2p_again.open(frame) == bytes_of(f["plaintext"]));
  }

  // Section 7.
  const json& r = v["resumption"];
  resumption again(read_token(sk, bytes_of(v["session"]["frames"][0]["plaintext"])));
  same(again.request(r["ts_p"].get<std::uint64_t>(), bytes_of(r["rn_p"])), r["request"]);
  CHECK(again.on_response(frame_of(r["response"])));
  same(again.sk, r["SK"]);
  same(make_verifier(again.sk, again.thr2, r["ts_v"].get<std::uint64_t>()), r["verifier"]);

  // Section 9.
  const auto doctor_fp = doctor.shown_to_all.doctor_fp();
  auto secret = read_group_key(bytes_of(v["group"]["group_key_plaintext"]));
  for (const auto& b : v["group"]["broadcasts"]) {
    const epoch at{b["generation"].get<std::uint64_t>(), b["ratchet"].get<std::uint64_t>(),
                   b["seq"].get<std::uint64_t>()};
    secret.follow(at.ratchet);
    const auto signature =
        doctor.sign("broadcast", signed_part(doctor_fp, at, bytes_of(b["content"])));
    same(signature, b["signature"]);
    const auto plaintext = bytes_of(b["content"]) + opaque16(signature);
    same(secret.seal(at, doctor_fp, plaintext), b["frame"]);
    CHECK(secret.open(frame_of(b["frame"]), doctor_fp) == plaintext);
  }
  count("adversary known answers: " + std::to_string(answers) + " in " + name);
}

}  // namespace wardline::test::adversary
