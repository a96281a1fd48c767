#include "protocol/handshake/patient_request.hpp"

#include <utility>

#include "common/crypto/labels.hpp"
#include "protocol/handshake/sealed_frame.hpp"

namespace wardline::protocol::patient_side {

result<made_request> make_auth_request(const patient_context& ours, const crypto::identity& doctor,
                                       const std::optional<invite_secret>& invite) {
  const auto& self = ours.self;
  const auto& group = self.group();
  const auto rn_p = ours.random.make<handshake_nonce>();
  auto a = group.make_ephemeral(ours.random);
  const auto dh = group.dh(a, doctor.y_kem.encoded);
  if (!dh) return dh.error();
  auto ck1 = first_chaining_key(*dh);

  // "u8 group | opaque doctor_fp[8] | u64 ts_p | opaque rn_p[32] | enc(E)"
  bytes fields{static_cast<byte>(group.id())};
  append(fields, crypto::shorten(crypto::fingerprint_of(doctor)).view());
  append(fields, big_endian<8>(ours.time.now()));
  append(fields, rn_p.view());
  append(fields, group.public_key(a).encoded);

  const std::size_t proof_size = invite ? crypto::digest::size : 0;
  const auto plain1_size = self.encoded().size() + 1 + proof_size + 2 + group.signature_size();
  const sealed_frame frame(frame_type::auth_request, fields, plain1_size);
  transcript th(crypto::encode(doctor));
  th.add_fields(frame.header(), fields);
  const auto th1 = th.value();

  // "plain1 = Identity_P | opaque invite_proof<32> | opaque signature<1100>", the signature over
  // what comes before it.
  bytes plain1 = self.encoded();
  plain1.push_back(static_cast<byte>(proof_size));
  if (invite) append(plain1, invite_proof(*invite, th1, self.encoded()).view());
  const auto signature = self.sign(crypto::label::patient_auth, {th1.view(), plain1}, ours.random);
  append(plain1, big_endian<2>(signature.size()));
  append(plain1, signature);

  th.add_plaintext(plain1);
  auto whole = frame.seal(derive_request_key(ck1, th1), th1, plain1);
  return made_request{std::move(whole), request_sent{doctor, std::move(a), std::move(ck1), th}};
}

}  // namespace wardline::protocol::patient_side
