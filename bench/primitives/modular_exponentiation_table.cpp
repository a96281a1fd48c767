#include <algorithm>
#include <stdexcept>
#include <vector>

#include "bench/primitives/comparison.hpp"
#include "bench/primitives/exponentiation_table.hpp"
#include "bench/primitives/openssl_dh.hpp"
#include "common/crypto/ffdhe.hpp"
#include "common/crypto/random.hpp"

namespace wardline::bench::primitives {
namespace {

// The others are given the exponent without its leading zeros, and a peer's value that is a square
// already: what is left of dh is one power, and its result is the same for all.
struct job {
  job(const crypto::suite& s, crypto::random_source& random)
      : group(s), x(s.make_ephemeral(random)) {
    own = s.public_key(x).encoded;
    peer = s.public_key(s.make_ephemeral(random)).encoded;
    short_x = to_bytes(x.scalar.view().last(s.short_exponent_size()));
  }

  const crypto::suite& group;
  crypto::kem_private_key x;
  bytes short_x;
  bytes own;   // g^x
  bytes peer;  // Y
};

using groups = std::vector<std::unique_ptr<plain_group>>;

void measure_free_base(const job& j, const groups& others, const settings& how, report& out) {
  comparison dh(row_of("dh, free base", std::string(j.group.name())));
  // What ours yields for Y is (Y^2)^x.
  const byte two = 2;
  const bytes square = others.front()->power(j.peer, {&two, 1});
  bytes expected;
  dh.add(
      std::string(ours),
      [&] {
        const auto shared = j.group.dh(j.x, j.peer);
        if (!shared) return false;
        expected.assign(shared->encoded.view().begin(), shared->encoded.view().end());
        return true;
      },
      [&] { return !expected.empty(); });
  bytes made;
  const auto is_right = [&] { return std::exchange(made, {}) == expected; };
  for (const auto& other : others) {
    auto* const library = other.get();
    dh.add(
        std::string(library->name()),
        [&, library] {
          made = library->power(square, j.short_x);
          return true;
        },
        is_right);
  }
  openssl_dh evp(std::string(j.group.name()), j.short_x, j.own, square);
  dh.add(
      "OpenSSL EVP",
      [&] {
        made = evp.derive();
        return true;
      },
      is_right);
  dh.run(how, out);
}

void measure_fixed_base(const job& j, const groups& others, const settings& how, report& out) {
  comparison dh(row_of("dh, fixed base", std::string(j.group.name())));
  bytes made;
  const auto is_right = [&] { return std::exchange(made, {}) == j.own; };
  dh.add(
      std::string(ours),
      [&] {
        made = j.group.public_key(j.x).encoded;
        return true;
      },
      is_right);
  for (const auto& other : others) {
    auto* const library = other.get();
    dh.add(
        std::string(library->name()),
        [&, library] {
          made = library->power_of_generator(j.short_x);
          return true;
        },
        is_right);
  }
  dh.run(how, out);
}

void measure_element_check(const job& j, const groups& others, const settings& how, report& out) {
  comparison check(row_of("element check", std::string(j.group.name())));
  // p = 3 (mod 4), so -Y is no square where Y is one.
  bytes outside = to_bytes(prime_of(j.group.id()));
  int borrow = 0;
  for (std::size_t i = outside.size(); i-- > 0;) {
    const int digit = outside[i] - j.peer[i] - borrow;
    borrow = digit < 0 ? 1 : 0;
    outside[i] = static_cast<byte>(digit & 0xff);
  }
  check.add(
      std::string(ours), [&] { return j.group.check_public_key(j.peer).has_value(); },
      [&] { return !j.group.check_public_key(outside).has_value(); });
  for (const auto& other : others) {
    auto* const library = other.get();
    check.add(
        std::string(library->name()), [&, library] { return library->in_subgroup(j.peer); },
        [&, library] { return !library->in_subgroup(outside); });
  }
  openssl_dh evp(std::string(j.group.name()), j.short_x, j.own, j.peer);
  openssl_dh evp_outside(std::string(j.group.name()), j.short_x, j.own, outside);
  check.add(
      "OpenSSL EVP", [&] { return evp.peer_is_valid(); },
      [&] { return !evp_outside.peer_is_valid(); });
  check.run(how, out);
}

}  // namespace

byte_view prime_of(crypto::group_id ffdhe) {
  switch (ffdhe) {
    case crypto::group_id::ffdhe2048:
      return crypto::ffdhe<2048>::group().prime();
    case crypto::group_id::ffdhe3072:
      return crypto::ffdhe<3072>::group().prime();
    case crypto::group_id::ffdhe4096:
      return crypto::ffdhe<4096>::group().prime();
    case crypto::group_id::ristretto255:
      break;
  }
  throw std::logic_error("ristretto255 has no prime of RFC 7919");
}

void measure_modular_exponentiations(crypto::group_id ffdhe, const settings& how, report& out) {
  crypto::system_random random;
  const job j(crypto::suite_of(ffdhe), random);
  groups others;
  others.push_back(cryptopp_group(prime_of(ffdhe)));
  others.push_back(openssl_group(prime_of(ffdhe)));
  measure_free_base(j, others, how, out);
  measure_fixed_base(j, others, how, out);
  measure_element_check(j, others, how, out);
}

}  // namespace wardline::bench::primitives
