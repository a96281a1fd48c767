#include "protocol/handshake/transcript.hpp"

#include "common/crypto/aead.hpp"
#include "common/crypto/labels.hpp"

namespace wardline::protocol {

namespace label = crypto::label;

transcript::transcript(byte_view encoded_doctor)
    : value_(crypto::sha256({as_bytes(label::handshake), encoded_doctor})) {}

void transcript::add_fields(byte_view header, byte_view fields) {
  value_ = crypto::sha256({value_.view(), header, fields});
}

void transcript::add_plaintext(byte_view plaintext) {
  value_ = crypto::sha256({value_.view(), plaintext});
}

crypto::pseudorandom_key first_chaining_key(const crypto::shared_secret& dh) {
  return crypto::extract(as_bytes(label::handshake), {dh.encoded.view()});
}

crypto::pseudorandom_key next_chaining_key(const crypto::pseudorandom_key& ck,
                                           const crypto::shared_secret& dh) {
  return crypto::extract(ck.view(), {dh.encoded.view()});
}

secret<32> derive_request_key(const crypto::pseudorandom_key& ck1, const crypto::digest& th1) {
  return crypto::expand<32>(ck1.view(), label::request_key, {th1.view()});
}

secret<32> derive_response_key(const crypto::pseudorandom_key& ck3, const crypto::digest& th3) {
  return crypto::expand<32>(ck3.view(), label::response_key, {th3.view()});
}

secret<32> derive_waiting_key(const crypto::pseudorandom_key& ck1, const crypto::digest& th2) {
  return crypto::expand<32>(ck1.view(), label::waiting, {th2.view()});
}

session_key derive_session_key(const crypto::pseudorandom_key& ck3, const crypto::digest& th4) {
  return crypto::expand<32>(ck3.view(), label::session_key, {th4.view()});
}

crypto::digest invite_proof(const invite_secret& secret, const crypto::digest& th1,
                            byte_view encoded_patient) {
  return crypto::hmac_sha256(secret.view(), {as_bytes(label::invite), th1.view(), encoded_patient});
}

bytes seal_once(const secret<32>& key, const crypto::digest& aad, byte_view plaintext) {
  bytes sealed;
  crypto::aes256_gcm(key).seal({}, aad.view(), plaintext, sealed);
  return sealed;
}

result<secret_bytes> open_once(const secret<32>& key, const crypto::digest& aad, byte_view sealed) {
  return crypto::aes256_gcm(key).open({}, aad.view(), sealed);
}

}  // namespace wardline::protocol
