#include "protocol/message/auth_response.hpp"

#include "protocol/constants.hpp"

namespace wardline::protocol {

result<auth_response> read_auth_response(byte_view body, const crypto::suite& group) {
  auth_response m{};
  reader r(body);
  r.u64(m.ts_d);
  r.fixed(m.rn_d);
  r.sized(m.f, group.element_size());
  r.opaque<max_sealed2>(m.sealed2);
  if (const auto ok = r.finish(); !ok) return ok.error();
  return m;
}

}  // namespace wardline::protocol
