#include "protocol/handshake/resumption.hpp"

#include "common/crypto/labels.hpp"

namespace wardline::protocol {

namespace label = crypto::label;

crypto::digest resume_request_hash(byte_view header, byte_view fields) {
  return crypto::sha256({as_bytes(label::resume), header, fields});
}

binder_mac compute_binder(const resumption_secret& rs, const crypto::digest& thr1) {
  const auto key = crypto::expand<32>(rs.view(), label::binder);
  return {crypto::hmac_sha256(key.view(), {thr1.view()}).value};
}

crypto::digest resume_response_hash(const crypto::digest& thr1, const binder_mac& binder,
                                    byte_view header, byte_view fields) {
  return crypto::sha256({thr1.view(), binder.view(), header, fields});
}

resume_mac compute_resume_mac(const resumption_secret& rs, const crypto::digest& thr2) {
  const auto key = crypto::expand<32>(rs.view(), label::resume_response);
  return {crypto::hmac_sha256(key.view(), {thr2.view()}).value};
}

session_key derive_resumed_session_key(const resumption_secret& rs, const handshake_nonce& rn_p,
                                       const handshake_nonce& rn_d, const crypto::digest& thr2) {
  const auto prk = crypto::extract(rs.view(), {rn_p.view(), rn_d.view()});
  return crypto::expand<32>(prk.view(), label::session_key, {thr2.view()});
}

}  // namespace wardline::protocol
