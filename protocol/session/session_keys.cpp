#include "protocol/session/session_keys.hpp"

#include "common/crypto/constant_time.hpp"
#include "common/crypto/labels.hpp"

namespace wardline::protocol {
namespace {

namespace label = crypto::label;

direction_keys derive(const secret<32>& from, std::string_view key, std::string_view iv) {
  direction_keys out{crypto::expand<32>(from.view(), key), {}};
  crypto::expand(from.view(), iv, {}, out.iv);
  return out;
}

receipt_proof proof_of(const receipt_key& key, unix_ms opened_at, receipt_state state,
                       byte_view encoded_content) {
  const byte_array<1> state_byte{static_cast<byte>(state)};
  return {crypto::hmac_sha256(key.view(), {big_endian<8>(opened_at), state_byte, encoded_content})
              .value};
}

// A Content begins with its message_id.
bool is_of(const message_id& id, byte_view encoded_content) noexcept {
  return encoded_content.size() >= message_id::size &&
         message_id::from(encoded_content.first(message_id::size)) == id;
}

}  // namespace

direction_keys derive_p2d_keys(const session_key& sk) {
  return derive(sk, label::p2d_key, label::p2d_iv);
}

direction_keys derive_d2p_keys(const session_key& sk) {
  return derive(sk, label::d2p_key, label::d2p_iv);
}

direction_keys next_direction_keys(const direction_keys& keys) {
  return derive(keys.key, label::rekey, label::rekey_iv);
}

verifier_mac compute_verifier(const session_key& sk, const crypto::digest& th4, unix_ms ts_v) {
  const auto key = crypto::expand<32>(sk.view(), label::verifier);
  return {crypto::hmac_sha256(key.view(), {th4.view(), big_endian<8>(ts_v)}).value};
}

resumption_secret derive_resumption_secret(const session_key& sk, const token_nonce& nonce) {
  return crypto::expand<32>(sk.view(), label::resumption, {nonce.view()});
}

secret<32> derive_group_contribution(const session_key& sk) {
  return crypto::expand<32>(sk.view(), label::group_contribution);
}

receipt_key derive_receipt_key(const session_key& sk) {
  return crypto::expand<32>(sk.view(), label::receipt);
}

receipt make_receipt(const receipt_key& key, const message_id& id, unix_ms opened_at,
                     receipt_state state, byte_view encoded_content) {
  return {id, opened_at, state, proof_of(key, opened_at, state, encoded_content)};
}

result<void> check_receipt(const receipt_key& key, const receipt& r, byte_view encoded_content) {
  const auto expected = proof_of(key, r.opened_at, r.state, encoded_content);
  if (!is_of(r.message_id, encoded_content) ||
      !crypto::equal_in_constant_time(r.proof.view(), expected.view())) {
    return errc::wrong_proof;
  }
  return {};
}

}  // namespace wardline::protocol
