#include "protocol/group/patient_group.hpp"

#include "common/crypto/labels.hpp"
#include "protocol/session/counter_nonce.hpp"
#include "tests/protocol/group/people.hpp"
#include "tests/support/catch.hpp"

using namespace wardline;
using namespace wardline::protocol;
using test::any_random;
using test::notice;
using test::person;
using test::the_doctor;

namespace {

constexpr patient_group::time_point start{};

group_key key_at(std::uint32_t generation, std::uint32_t ratchet, std::uint64_t next_seq) {
  secret<32> gk;
  gk.writable()[0] = static_cast<byte>(generation);
  for (std::uint32_t i = 0; i < ratchet; ++i) gk = next_chain_key(gk);
  return {generation, ratchet, next_seq, std::move(gk)};
}

broadcast_slot slot_at(const broadcast_position& p) {
  return {p, derive_broadcast_keys(key_at(p.generation, p.ratchet, 0).gk)};
}

bytes broadcast_at(const broadcast_position& p, const bytes& content = notice("to all"),
                   const crypto::own_identity& signer = the_doctor()) {
  return seal_broadcast(signer, slot_at(p), content, any_random()).frame;
}

// What a member can make: sealed with the group key under the doctor's name, signed by whom it
// likes, or not at all.
bytes forged_at(const broadcast_position& p, const bytes& content, const bytes& signature) {
  const bytes position = encode(p);
  bytes plaintext = content;
  append(plaintext, big_endian<2>(signature.size()));
  append(plaintext, signature);
  const auto header =
      make_header(frame_type::broadcast, false,
                  position.size() + plaintext.size() + crypto::aes256_gcm::tag_size);
  bytes out = to_bytes(header);
  append(out, position);
  bytes aad = to_bytes(header);
  append(aad, crypto::shorten(the_doctor().own_fingerprint()).view());
  append(aad, position);
  const auto slot = slot_at(p);
  crypto::aes256_gcm(slot.keys.key).seal(counter_nonce(slot.keys.iv, p.seq), aad, plaintext, out);
  return out;
}

struct patient {
  patient_group group{the_doctor().public_part()};

  errc open(const bytes& whole, patient_group::time_point now = start) {
    const auto f = decode_frame(whole, session_frame_limit);
    REQUIRE(f.has_value());
    const auto opened = group.open(*f, now);
    if (!opened) return to_errc(opened.error());
    missed = opened->missed;
    text = std::string(as_text(opened->broadcast.content.body));
    return errc::ok;
  }

  std::uint64_t missed = 0;
  std::string text;
};

patient patient_with(group_key key) {
  patient p;
  REQUIRE(p.group.install(std::move(key)));
  return p;
}

check state(std::uint32_t generation, std::uint32_t ratchet, std::uint64_t next_seq) {
  return {true, 1, generation, ratchet, next_seq};
}

}  // namespace

TEST_CASE("a broadcast opens, and a second time it does not") {
  auto p = patient_with(key_at(7, 0, 3));
  const auto frame = broadcast_at({7, 0, 3}, notice("fever"));
  CHECK(p.open(frame) == errc::ok);
  CHECK(p.text == "fever");
  CHECK(p.missed == 0);
  CHECK(p.open(frame) == errc::stale_epoch);
}

TEST_CASE("without a key no broadcast opens") {
  patient p;
  CHECK(p.open(broadcast_at({7, 0, 3})) == errc::stale_epoch);
}

TEST_CASE("a gap is reported and what is skipped opens no more") {
  auto p = patient_with(key_at(7, 0, 3));
  CHECK(p.open(broadcast_at({7, 2, 6})) == errc::ok);
  CHECK(p.missed == 3);
  CHECK(p.open(broadcast_at({7, 2, 5})) == errc::stale_epoch);
  CHECK(p.open(broadcast_at({7, 1, 7})) == errc::stale_epoch);
  CHECK(p.open(broadcast_at({7, 2, 7})) == errc::ok);
  CHECK(p.missed == 0);
}

TEST_CASE("a broadcast of another generation is refused, before and after ours") {
  auto p = patient_with(key_at(7, 0, 0));
  CHECK(p.open(broadcast_at({6, 0, 0})) == errc::stale_epoch);
  CHECK(p.open(broadcast_at({8, 0, 0})) == errc::stale_epoch);
}

TEST_CASE("no seq follows the largest") {
  auto p = patient_with(key_at(7, 0, 0));
  CHECK(p.open(broadcast_at({7, 0, UINT64_MAX})) == errc::stale_epoch);
}

TEST_CASE("junk from a member does not put a patient ahead") {
  auto p = patient_with(key_at(7, 0, 3));
  const auto content = notice("junk");
  const auto member = person(crypto::role::patient, "m", 2);
  const broadcast_position ahead{7, 9, 1000};
  const auto fp = crypto::shorten(the_doctor().own_fingerprint());
  const auto mine =
      member.sign(crypto::label::broadcast, {fp.view(), encode(ahead), content}, any_random());

  CHECK(p.open(forged_at(ahead, content, mine)) == errc::invalid_signature);
  CHECK(p.open(forged_at(ahead, content, {})) == errc::invalid_signature);
  CHECK(p.open(forged_at(ahead, content, bytes(64))) == errc::invalid_signature);
  auto broken = broadcast_at(ahead);
  broken.back() ^= 1U;
  CHECK(p.open(broken) == errc::invalid_tag);

  CHECK(p.open(broadcast_at({7, 0, 3})) == errc::ok);
  CHECK(p.missed == 0);
}

TEST_CASE("a doctor's signature fits its own position alone") {
  auto p = patient_with(key_at(7, 0, 0));
  const auto content = notice("old");
  const auto real = seal_broadcast(the_doctor(), slot_at({7, 0, 0}), content, any_random());
  CHECK(p.open(forged_at({7, 0, 1}, content, real.signature)) == errc::invalid_signature);
  CHECK(p.open(forged_at({7, 1, 0}, content, real.signature)) == errc::invalid_signature);
  CHECK(p.open(forged_at({7, 0, 0}, notice("new"), real.signature)) == errc::invalid_signature);
  CHECK(p.open(forged_at({7, 0, 0}, content, real.signature)) == errc::ok);
}

TEST_CASE("a broadcast holds types 1, 3 and 4 alone and at most 58,000 bytes") {
  auto p = patient_with(key_at(7, 0, 0));
  std::uint64_t seq = 0;
  const auto opens = [&](const bytes& content) {
    return p.open(broadcast_at({7, 0, seq++}, content));
  };
  CHECK(opens(notice("x", content_type::text)) == errc::ok);
  CHECK(opens(notice("x", content_type::vitals)) == errc::invalid_encoding);
  CHECK(opens(notice("x", content_type::consultation_request)) == errc::ok);
  CHECK(opens(notice("x", content_type::consultation_answer)) == errc::ok);
  CHECK(opens(notice("x", content_type::redelivered_broadcast)) == errc::invalid_encoding);
  CHECK(opens(notice(std::string(58'000, 'x'))) == errc::ok);
  CHECK(opens(notice(std::string(58'001, 'x'))) == errc::invalid_encoding);
}

TEST_CASE("a body shorter than its position does not decode") {
  auto p = patient_with(key_at(7, 0, 0));
  for (std::size_t n = 0; n < 16; ++n) {
    CHECK(p.open(encode_frame(frame_type::broadcast, bytes(n))) == errc::invalid_encoding);
  }
}

TEST_CASE("65,536 steps are done and one more is not") {
  auto p = patient_with(key_at(7, 0, 0));
  CHECK(p.open(broadcast_at({7, 65'537, 0})) == errc::stale_epoch);
  CHECK(p.open(broadcast_at({7, 65'536, 0})) == errc::ok);
}

TEST_CASE("65,536 steps are done in a minute, junk included") {
  auto p = patient_with(key_at(7, 0, 0));
  auto junk = broadcast_at({7, 65'000, 9});
  junk.back() ^= 1U;
  CHECK(p.open(junk, start + seconds{100}) == errc::invalid_tag);
  CHECK(p.open(broadcast_at({7, 537, 0}), start + seconds{101}) == errc::stale_epoch);
  CHECK(p.open(broadcast_at({7, 536, 0}), start + seconds{102}) == errc::ok);
  CHECK(p.open(broadcast_at({7, 537, 1}), start + seconds{159}) == errc::stale_epoch);
  CHECK(p.open(broadcast_at({7, 536, 2}), start + seconds{159}) == errc::ok);  // no step at all
  CHECK(p.open(broadcast_at({7, 537, 3}), start + seconds{160}) == errc::ok);
}

TEST_CASE("a GROUP_KEY never takes a patient back") {
  auto p = patient_with(key_at(7, 2, 5));
  CHECK(p.group.install(key_at(6, 9, 9)).error() == errc::stale_epoch);
  CHECK(p.group.install(key_at(7, 1, 5)).error() == errc::stale_epoch);
  CHECK(p.group.install(key_at(7, 2, 4)).error() == errc::stale_epoch);
  CHECK(p.group.install(key_at(7, 3, 4)).error() == errc::stale_epoch);
  CHECK(p.open(broadcast_at({7, 2, 4})) == errc::stale_epoch);
  CHECK(p.open(broadcast_at({7, 2, 5})) == errc::ok);
  CHECK(p.group.install(key_at(8, 0, 0)));
  CHECK(p.open(broadcast_at({7, 2, 6})) == errc::stale_epoch);
  CHECK(p.open(broadcast_at({8, 0, 0})) == errc::ok);
}

TEST_CASE("a GROUP_KEY of the same generation hides no gap") {
  auto p = patient_with(key_at(7, 0, 3));
  CHECK(p.group.install(key_at(7, 1, 5)));
  CHECK(p.open(broadcast_at({7, 0, 3})) == errc::stale_epoch);
  CHECK(p.group.is_behind(state(7, 1, 5)));
  CHECK(p.open(broadcast_at({7, 1, 5})) == errc::ok);
  CHECK(p.missed == 2);
}

TEST_CASE("a check that speaks of a broadcast that never came shows it withheld") {
  auto p = patient_with(key_at(7, 0, 3));
  CHECK_FALSE(p.group.is_behind(state(7, 0, 3)));
  CHECK_FALSE(p.group.is_behind(state(7, 5, 3)));  // others have joined
  CHECK_FALSE(p.group.is_behind(state(8, 0, 0)));  // nothing said in it yet
  CHECK_FALSE(p.group.is_behind(state(6, 0, 9)));
  CHECK_FALSE(p.group.is_behind(state(0, 0, 0)));
  CHECK(p.group.is_behind(state(7, 0, 4)));
  CHECK(p.group.is_behind(state(8, 0, 1)));
  patient without;
  CHECK_FALSE(without.group.is_behind(state(7, 0, 4)));
}

TEST_CASE("a patient is behind until everything withheld has been redelivered") {
  auto p = patient_with(key_at(7, 0, 3));
  CHECK(p.group.is_behind(state(7, 0, 5)));
  p.group.note_redelivered({7, 0, 4});  // in whatever order
  CHECK(p.group.is_behind(state(7, 0, 5)));
  p.group.note_redelivered({7, 0, 3});
  CHECK_FALSE(p.group.is_behind(state(7, 0, 5)));
  p.group.note_redelivered({7, 0, 3});
  CHECK(p.open(broadcast_at({7, 0, 5})) == errc::ok);
  CHECK(p.missed == 0);

  CHECK(p.open(broadcast_at({7, 0, 8})) == errc::ok);
  CHECK(p.missed == 2);
  CHECK(p.group.is_behind(state(7, 0, 9)));
  CHECK(p.group.install(key_at(8, 0, 0)));
  p.group.note_redelivered({7, 0, 6});
  CHECK(p.group.is_behind(state(8, 0, 0)));
  p.group.note_redelivered({7, 0, 7});
  CHECK_FALSE(p.group.is_behind(state(8, 0, 0)));
}

TEST_CASE("a redelivery from before the patient came changes nothing") {
  auto p = patient_with(key_at(7, 0, 3));
  p.group.note_redelivered({7, 0, 1});
  p.group.note_redelivered({6, 0, 9});
  p.group.note_redelivered({8, 0, 9});
  p.group.note_redelivered({7, 0, UINT64_MAX});
  CHECK_FALSE(p.group.is_behind(state(7, 0, 3)));
  CHECK(p.open(broadcast_at({7, 0, 3})) == errc::ok);
}

TEST_CASE("a gap however wide is remembered in bounded space") {
  auto p = patient_with(key_at(7, 0, 0));
  CHECK(p.open(broadcast_at({7, 0, UINT64_MAX - 1})) == errc::ok);
  CHECK(p.missed == UINT64_MAX - 1);
  CHECK(p.group.is_behind(state(7, 0, 0)));
}
