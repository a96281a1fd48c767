#include "tests/system/adversary/session.hpp"

#include <chrono>

#include "tests/system/adversary/primitives.hpp"

namespace wardline::test::adversary {
namespace {

octets xored(const octets& iv, std::uint64_t counter) {
  octets out = number(counter, iv.size());
  for (std::size_t i = 0; i < out.size(); ++i) out[i] ^= iv[i];
  return out;
}

octets broadcast_aad(const octets& header, const octets& doctor_fp, const epoch& where) {
  return header + doctor_fp + where.encoded();
}

}  // namespace

direction::direction(const octets& sk, const std::string& name)
    : key_(expand(sk, name + " key", 32)), iv_(expand(sk, name + " iv", 12)) {}

octets direction::nonce() const { return xored(iv_, counter); }

octets direction::seal(frame_kind kind, const octets& plaintext) {
  const auto header = make_header(kind, is_protected, plaintext.size() + 16);
  auto out = header + adversary::seal(key_, nonce(), header, plaintext);
  ++counter;
  return out;
}

std::optional<octets> direction::open(const arrived& frame) {
  auto out = adversary::open(key_, nonce(), frame.header(), frame.body());
  if (out) ++counter;
  return out;
}

octets content::encoded() const {
  return message_id + u64(created) + u64(expires) + u8(type) + u8(priority) + opaque16(body);
}

content read_content(fields& f) {
  content out;
  out.message_id = f.take(16);
  out.created = f.number(8);
  out.expires = f.number(8);
  out.type = static_cast<std::uint8_t>(f.number(1));
  out.priority = static_cast<std::uint8_t>(f.number(1));
  out.body = f.opaque16();
  return out;
}

content text(const std::string& words) {
  content out;
  out.message_id = random_octets(16);
  out.created = now_ms();
  out.body = ascii(words);
  return out;
}

octets receipt_for(const octets& sk, const octets& message_id, const octets& encoded_content,
                   std::uint64_t opened_at, std::uint8_t state) {
  const auto proof = hmac(expand(sk, "receipt", 32), u64(opened_at) + u8(state) + encoded_content);
  return message_id + u64(opened_at) + u8(state) + proof;
}

octets check_body(bool is_reply, std::uint64_t sequence) {
  return u8(is_reply ? 1 : 0) + u64(sequence) + octets(16);
}

ticket read_token(const octets& sk, const octets& plaintext) {
  fields f(plaintext);
  ticket out;
  out.token = f.opaque16();
  out.rs = expand(sk, "resumption", f.take(16), 32);
  out.expires = f.number(8);
  out.scopes = f.number(4);
  return out;
}

void group_secret::follow(std::uint64_t ratchet) {
  for (; at.ratchet < ratchet; ++at.ratchet) gk = expand(gk, "group ratchet", 32);
}

octets group_secret::seal(const epoch& where, const octets& doctor_fp,
                          const octets& plaintext) const {
  const auto header = make_header(broadcast, clear, 16 + plaintext.size() + 16);
  return header + where.encoded() +
         adversary::seal(expand(gk, "group key", 32), xored(expand(gk, "group iv", 12), where.seq),
                         broadcast_aad(header, doctor_fp, where), plaintext);
}

std::optional<octets> group_secret::open(const arrived& frame, const octets& doctor_fp) const {
  fields f(frame.body());
  epoch where;
  where.generation = f.number(4);
  where.ratchet = f.number(4);
  where.seq = f.number(8);
  return adversary::open(expand(gk, "group key", 32), xored(expand(gk, "group iv", 12), where.seq),
                         broadcast_aad(frame.header(), doctor_fp, where), f.rest());
}

group_secret read_group_key(const octets& plaintext) {
  fields f(plaintext);
  group_secret out;
  out.at.generation = f.number(4);
  out.at.ratchet = f.number(4);
  out.at.seq = f.number(8);
  out.gk = f.take(32);
  return out;
}

octets signed_part(const octets& doctor_fp, const epoch& where, const octets& encoded_content) {
  return doctor_fp + where.encoded() + encoded_content;
}

std::uint64_t now_ms() {
  using namespace std::chrono;
  return static_cast<std::uint64_t>(
      duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count());
}

}  // namespace wardline::test::adversary
