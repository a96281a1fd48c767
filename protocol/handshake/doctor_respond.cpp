#include "protocol/handshake/doctor_respond.hpp"

#include <utility>

#include "common/crypto/labels.hpp"
#include "protocol/handshake/sealed_frame.hpp"

namespace wardline::protocol::doctor_side {

respond::respond(const doctor_context& ours, const opened_request& request)
    : ours_(ours),
      th2_(request.th2),
      ck1_(request.ck1.clone()),
      e_(request.e),
      patient_(request.who.y_kem),
      outcome_(errc::unavailable) {}

void respond::run() noexcept {
  try {
    outcome_ = make();
  } catch (...) {
    outcome_ = errc::unavailable;
  }
}

result<response> respond::make() {
  const auto& group = ours_.self.group();
  const auto rn_d = ours_.random.make<handshake_nonce>();
  const auto b = group.make_ephemeral(ours_.random);

  // "F = g^b ... the fields before sealed2": u64 ts_d | opaque rn_d[32] | enc(F). The time is that
  // of sending, not of the request: the operator may have thought for minutes in between.
  bytes fields = to_bytes(big_endian<8>(ours_.time.now()));
  append(fields, rn_d.view());
  append(fields, group.public_key(b).encoded);

  // "ck2 = Extract(ck1, enc(dh(b, E)));   ck3 = Extract(ck2, enc(dh(b, y_kem_P)))"
  const auto with_ephemeral = group.dh(b, e_);
  if (!with_ephemeral) return with_ephemeral.error();
  const auto with_patient = group.dh(b, patient_.encoded);
  if (!with_patient) return with_patient.error();
  const auto ck3 = next_chaining_key(next_chaining_key(ck1_, *with_ephemeral), *with_patient);

  const auto plain2_size = 2 + group.signature_size();
  sealed_frame frame(frame_type::auth_response, fields, plain2_size);
  auto th = th2_;
  th.add_fields(frame.header(), fields);
  const auto th3 = th.value();

  // "plain2 = opaque signature<1100>     signature = sign(x_sig_D, "doctor auth", th3)"
  bytes plain2 = to_bytes(big_endian<2>(group.signature_size()));
  append(plain2, ours_.self.sign(crypto::label::doctor_auth, {th3.view()}, ours_.random));
  th.add_plaintext(plain2);
  return response{frame.seal(derive_response_key(ck3, th3), th3, plain2),
                  derive_session_key(ck3, th.value()), th.value()};
}

}  // namespace wardline::protocol::doctor_side
