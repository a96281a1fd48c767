#include "protocol/message/announcement.hpp"

#include "common/crypto/labels.hpp"
#include "protocol/constants.hpp"
#include "protocol/wire/frame.hpp"

namespace wardline::protocol {

bytes make_announcement(const crypto::own_identity& self, unix_ms now,
                        crypto::random_source& random) {
  const auto time = big_endian<8>(now);
  const bytes signature = self.sign(crypto::label::self, {self.encoded(), time}, random);

  const auto write = [&](writer& w) {
    w.raw(self.encoded());
    w.raw(time);
    w.opaque<max_signature>(signature);
  };
  writer counter;
  write(counter);
  bytes body(counter.size());
  writer w(body);
  write(w);
  return encode_frame(frame_type::identity, body);
}

result<announcement> read_announcement(byte_view body) {
  byte_view rest = body;
  // Section 2: a public key is checked for the subgroup once, when it is about to be pinned.
  auto doctor = crypto::read_identity(rest);
  if (!doctor) return doctor.error();

  announcement a{std::move(*doctor), 0, {}};
  reader r(rest);
  r.u64(a.time);
  const auto is_signed = body.first(body.size() - r.rest().size());
  r.opaque<max_signature>(a.signature);
  if (const auto ok = r.finish(); !ok) return ok.error();

  if (a.doctor.role != crypto::role::doctor) return errc::authentication_failed;
  const auto& suite = crypto::suite_of(a.doctor.group);
  if (const auto ok = suite.verify(a.doctor.y_sig, crypto::label::self, {is_signed}, a.signature);
      !ok) {
    return ok.error();
  }
  return a;
}

}  // namespace wardline::protocol
