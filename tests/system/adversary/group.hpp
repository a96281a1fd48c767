#pragma once

#include <optional>
#include <string>

#include "tests/system/adversary/arithmetic.hpp"

/// Sections 2 and 4, straightforwardly.
namespace wardline::test::adversary {

/// A group of section 2. Elements are their encodings.
class group {
 public:
  virtual ~group() = default;
  group(const group&) = delete;
  group& operator=(const group&) = delete;

  const std::uint8_t id;
  const std::string name;
  const integer q;
  const std::size_t element_size;
  const std::size_t scalar_size;
  const std::size_t short_size;  ///< of an exponent for dh, in bytes

  virtual octets power_of_generator(const integer& x) const = 0;
  virtual octets power(const octets& y, const integer& x) const = 0;
  virtual octets product(const octets& a, const octets& b) const = 0;
  virtual octets dh(const integer& x, const octets& y) const = 0;
  virtual octets enc_q(const integer& x) const = 0;
  virtual integer dec_q(const octets& x) const = 0;

  /// A short exponent from its bytes, as section 3 makes x_kem.
  virtual integer kem_exponent(const octets& prk) const = 0;
  /// A random one.
  virtual integer ephemeral() const = 0;

  octets sign(const integer& x, const std::string& context, const octets& message,
              const octets& random32) const;
  bool verify(const octets& y, const std::string& context, const octets& message,
              const octets& signature) const;

  /// e and h of section 4.
  integer bound_r(const octets& r) const;
  integer bound_message(const octets& y, const octets& r, const std::string& context,
                        const octets& message) const;

 protected:
  group(std::uint8_t number, std::string called, integer order, std::size_t element,
        std::size_t scalar, std::size_t exponent)
      : id(number),
        name(std::move(called)),
        q(std::move(order)),
        element_size(element),
        scalar_size(scalar),
        short_size(exponent) {}
};

/// By its name; one object for each, which lives as long as the program.
const group& group_named(const std::string& name);

/// The modulus of groups 1 to 3, calculated from the formula of RFC 7919.
const integer& modulus_of(const group& g);

}  // namespace wardline::test::adversary
