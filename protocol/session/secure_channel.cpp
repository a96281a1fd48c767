#include "protocol/session/secure_channel.hpp"

#include "protocol/session/counter_nonce.hpp"

namespace wardline::protocol {

direction::direction(direction_keys keys, std::uint64_t key_life)
    : keys_(std::move(keys)), key_life_(key_life) {}

crypto::aes256_gcm::nonce direction::next_nonce() {
  if (counter_ == key_life_) {
    keys_ = next_direction_keys(keys_);
    counter_ = 0;
  }
  return counter_nonce(keys_.iv, counter_++);
}

bytes direction::seal(frame_type type, byte_view plaintext) {
  const std::size_t body_size = plaintext.size() + crypto::aes256_gcm::tag_size;
  const auto header = make_header(type, true, body_size);
  bytes out;
  out.reserve(header.size() + body_size);
  append(out, header);
  const auto nonce = next_nonce();  // which may be the first of a new key
  crypto::aes256_gcm(keys_.key).seal(nonce, header, plaintext, out);
  return out;
}

result<secret_bytes> direction::open(const frame& f) {
  if (!f.is_protected) return errc::protocol_error;
  // The counter moves even if the tag fails, so that nothing opens after that either.
  const auto nonce = next_nonce();
  return crypto::aes256_gcm(keys_.key).open(nonce, f.header(), f.body());
}

secure_channel::secure_channel(const session_key& sk, side own, std::uint64_t key_life)
    : out_(own == side::patient ? derive_p2d_keys(sk) : derive_d2p_keys(sk), key_life),
      in_(own == side::patient ? derive_d2p_keys(sk) : derive_p2d_keys(sk), key_life) {}

}  // namespace wardline::protocol
