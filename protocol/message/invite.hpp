#pragma once

#include <string>
#include <string_view>

#include "common/crypto/identity.hpp"
#include "common/util/clock.hpp"
#include "protocol/constants.hpp"
#include "protocol/message/ids.hpp"
#include "protocol/wire/codec.hpp"

namespace wardline::protocol {

/// True for a name or an address that could be connected to: letters, digits and `-._:`, at least
/// one. What it must not hold is anything that could mislead whoever it is shown to.
bool is_invite_host(std::string_view host) noexcept;

/// Section 6: opaque host<255> | u16 port | opaque doctor_fingerprint[32] | opaque patient_id<64> |
/// u64 expires | opaque secret[16], as "wardline1:" and unpadded base64url.
struct invite {
  std::string host;
  std::uint16_t port;
  crypto::fingerprint doctor;
  std::string patient_id;
  unix_ms expires;
  invite_secret secret;

  template <class Self, class Codec>
  static void fields(Self& m, Codec& c) {
    c.template opaque<max_host>(m.host);
    c.require(is_invite_host(m.host));
    c.u16(m.port);
    c.require(m.port != 0);
    c.fixed(m.doctor);
    c.template opaque<max_id>(m.patient_id);
    c.require(crypto::is_valid_id(m.patient_id));
    c.u64(m.expires);
    c.fixed(m.secret);
  }
};

inline constexpr std::string_view invite_prefix = "wardline1:";

std::string to_text(const invite& i);

/// errc::invalid_encoding for another prefix, padding, white space, cut or added letters.
result<invite> invite_from_text(std::string_view text);

}  // namespace wardline::protocol
