#pragma once

#include <functional>

#include "tests/system/adversary/group.hpp"

/// Section 3.
namespace wardline::test::adversary {

constexpr std::uint8_t a_doctor = 1;
constexpr std::uint8_t a_patient = 2;

struct identity {
  std::uint8_t role;
  std::uint8_t group_id;
  std::string id;
  octets y_sig;
  octets y_kem;

  octets encoded() const;
  octets fingerprint() const;
  octets doctor_fp() const { return first(fingerprint(), 8); }
};

/// As shown to people: 12 groups of 5 digits.
std::string shown(const octets& fingerprint);

/// From the front of `from`; element_size is that of the group that is expected.
identity read_identity(fields& from, std::size_t element_size);

struct own_identity {
  own_identity(std::uint8_t role, const group& in, std::string id, const octets& seed);

  octets sign(const std::string& context, const octets& message,
              const octets& random32 = octets(32)) const {
    return in.sign(x_sig, context, message, random32);
  }

  const group& in;
  octets prk;
  integer x_sig;
  integer x_kem;
  identity shown_to_all;
};

}  // namespace wardline::test::adversary
