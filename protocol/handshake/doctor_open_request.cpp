#include "protocol/handshake/doctor_open_request.hpp"

#include <utility>

#include "common/crypto/labels.hpp"

namespace wardline::protocol::doctor_side {

opened_request::opened_request(crypto::identity patient, bytes proof,
                               const crypto::digest& th1_value, const transcript& after_plain1,
                               crypto::pseudorandom_key ck, bytes ephemeral)
    : who(std::move(patient)),
      key(crypto::fingerprint_of(who)),
      invite_proof(std::move(proof)),
      th1(th1_value),
      th2(after_plain1),
      ck1(std::move(ck)),
      e(std::move(ephemeral)) {}

open_request::open_request(const doctor_context& ours, auth_request request, const transcript& th1,
                           unix_ms screened_at)
    : ours_(ours),
      request_(std::move(request)),
      th1_(th1),
      screened_at_(screened_at),
      outcome_(errc::unavailable) {}

void open_request::run() noexcept {
  try {
    outcome_ = open();
  } catch (...) {
    outcome_ = errc::unavailable;
  }
}

result<opened_request> open_request::open() {
  // Section 6.2: "Only now E decodes and the exponentiation is done; sealed1 opens, else
  // authentication_failed."
  const auto dh = ours_.self.dh(request_.e);
  if (!dh) return dh.error();
  auto ck1 = first_chaining_key(*dh);
  const auto th1 = th1_.value();
  const auto plain1 = open_once(derive_request_key(ck1, th1), th1, request_.sealed1);
  if (!plain1) return errc::authentication_failed;

  // Section 6.3: "rn_p is remembered for twice the window, check and insertion in one step (two
  // workers may hold the same request), once sealed1 has opened." Counted from the time at which
  // ts_p was looked at, that is as long as the same ts_p can pass.
  const auto window = static_cast<unix_ms>(ours_.window.count());
  const auto until = saturating_add(screened_at_, saturating_add(window, window));
  if (!ours_.nonces.insert(request_.rn_p, screened_at_, until)) return errc::replayed;

  // Section 6.4: "The identity is a patient's, of my group; keys not enrolled are checked for the
  // subgroup; the signature verifies under the keys shown. Only then is anything decided, so that
  // neither answer nor time tells a stranger who is a patient." For the same reason the subgroup is
  // checked whether or not the keys are enrolled.
  auto read = read_auth_request_secret(plain1->view());
  if (!read) return read.error();
  const auto& group = ours_.self.group();
  if (read->patient.role != crypto::role::patient || read->patient.group != group.id()) {
    return errc::authentication_failed;
  }
  const auto is_signed =
      group.verify(read->patient.y_sig, crypto::label::patient_auth,
                   {th1.view(), plain1->view().first(read->signed_size)}, read->signature);
  if (!is_signed) return is_signed.error();

  auto th2 = th1_;
  th2.add_plaintext(plain1->view());
  return opened_request(std::move(read->patient), std::move(read->invite_proof), th1, th2,
                        std::move(ck1), std::move(request_.e));
}

}  // namespace wardline::protocol::doctor_side
