#include "protocol/group/sealed_broadcast.hpp"

#include "common/crypto/labels.hpp"
#include "protocol/session/counter_nonce.hpp"

namespace wardline::protocol {

sealed_broadcast seal_broadcast(const crypto::own_identity& doctor, const broadcast_slot& slot,
                                byte_view encoded_content, crypto::random_source& random) {
  const auto fp = crypto::shorten(doctor.own_fingerprint());
  const bytes position = encode(slot.position);
  sealed_broadcast out;
  out.signature =
      doctor.sign(crypto::label::broadcast, {fp.view(), position, encoded_content}, random);

  const auto write = [&](writer& w) {
    w.raw(encoded_content);
    w.opaque<max_signature>(out.signature);
  };
  writer counter;
  write(counter);
  secret_bytes plaintext(counter.size());
  writer w(plaintext.writable());
  write(w);

  const std::size_t body_size = position.size() + plaintext.size() + crypto::aes256_gcm::tag_size;
  const auto header = make_header(frame_type::broadcast, false, body_size);
  bytes aad;
  append(aad, header);
  append(aad, fp.view());
  append(aad, position);

  out.frame.reserve(header.size() + body_size);
  append(out.frame, header);
  append(out.frame, position);
  crypto::aes256_gcm(slot.keys.key)
      .seal(counter_nonce(slot.keys.iv, slot.position.seq), aad, plaintext.view(), out.frame);
  return out;
}

result<broadcast_position> read_broadcast_position(const frame& f) {
  broadcast_position position{};
  reader r(f.body());
  broadcast_position::fields(position, r);
  if (r.failed()) return errc::invalid_encoding;
  return position;
}

result<signed_broadcast> open_broadcast(const frame& f, const crypto::short_fingerprint& doctor,
                                        const broadcast_slot& slot) {
  const bytes position = encode(slot.position);
  bytes aad;
  append(aad, f.header());
  append(aad, doctor.view());
  append(aad, position);
  const auto plaintext = crypto::aes256_gcm(slot.keys.key)
                             .open(counter_nonce(slot.keys.iv, slot.position.seq), aad,
                                   f.body().subspan(position.size()));
  if (!plaintext) return plaintext.error();
  return read_signed_content(slot.position, plaintext->view());
}

result<void> verify_broadcast(const crypto::identity& doctor, const signed_broadcast& b) {
  const auto fp = crypto::shorten(crypto::fingerprint_of(doctor));
  const bytes position = encode(b.position);
  return crypto::suite_of(doctor.group)
      .verify(doctor.y_sig, crypto::label::broadcast, {fp.view(), position, b.encoded_content},
              b.signature);
}

}  // namespace wardline::protocol
