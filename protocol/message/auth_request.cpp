#include "protocol/message/auth_request.hpp"

#include "protocol/constants.hpp"

namespace wardline::protocol {

result<auth_request> read_auth_request(byte_view body, const crypto::suite& group,
                                       const crypto::short_fingerprint& own) {
  auth_request m{};
  reader r(body);
  r.u8(m.group);
  r.fixed(m.doctor);
  if (r.failed()) return errc::invalid_encoding;
  // Section 6.1, before anything else: how long E is follows from the group.
  if (m.group != static_cast<byte>(group.id()) || m.doctor != own) return errc::wrong_doctor;

  r.u64(m.ts_p);
  r.fixed(m.rn_p);
  r.sized(m.e, group.element_size());
  r.opaque<max_sealed1>(m.sealed1);
  if (const auto ok = r.finish(); !ok) return ok.error();
  return m;
}

result<auth_request_secret> read_auth_request_secret(byte_view plain1) {
  byte_view rest = plain1;
  auto patient = crypto::read_identity(rest);
  if (!patient) return patient.error();

  auth_request_secret m{std::move(*patient), {}, {}, 0};
  reader r(rest);
  r.opaque<max_invite_proof>(m.invite_proof);
  m.signed_size = plain1.size() - r.rest().size();
  r.opaque<max_signature>(m.signature);
  if (const auto ok = r.finish(); !ok) return ok.error();
  return m;
}

}  // namespace wardline::protocol
