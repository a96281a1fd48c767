#include <algorithm>
#include <array>

#include <sodium.h>

#include "bench/primitives/comparison.hpp"
#include "bench/primitives/exponentiation_table.hpp"
#include "bench/primitives/openssl_dh.hpp"
#include "common/crypto/random.hpp"

namespace wardline::bench::primitives {
namespace {

using point = byte_array<crypto_core_ristretto255_BYTES>;

struct job {
  explicit job(crypto::random_source& random)
      : group(crypto::suite_of(crypto::group_id::ristretto255)), x(group.make_ephemeral(random)) {
    own = group.public_key(x).encoded;
    peer = group.public_key(group.make_ephemeral(random)).encoded;
  }

  const crypto::suite& group;
  crypto::kem_private_key x;
  bytes own;
  bytes peer;
};

void measure_free_base(const job& j, const settings& how, report& out) {
  comparison dh(row_of("dh, free base", std::string(j.group.name())));
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
  point made{};
  dh.add(
      "libsodium",
      [&] {
        return crypto_scalarmult_ristretto255(made.data(), j.x.scalar.view().data(),
                                              j.peer.data()) == 0;
      },
      [&] { return std::ranges::equal(made, expected); });
  openssl_dh x25519;
  bytes shared;
  dh.add(
      "OpenSSL X25519",
      [&] {
        shared = x25519.derive();
        return true;
      },
      [&] { return x25519.peer_derives(shared); });
  dh.run(how, out);
}

void measure_fixed_base(const job& j, const settings& how, report& out) {
  comparison dh(row_of("dh, fixed base", std::string(j.group.name())));
  bytes ours_made;
  dh.add(
      std::string(ours),
      [&] {
        ours_made = j.group.public_key(j.x).encoded;
        return true;
      },
      [&] { return ours_made == j.own; });
  point made{};
  dh.add(
      "libsodium",
      [&] {
        return crypto_scalarmult_ristretto255_base(made.data(), j.x.scalar.view().data()) == 0;
      },
      [&] { return std::ranges::equal(made, j.own); });
  dh.run(how, out);
}

void measure_element_check(const job& j, const settings& how, report& out) {
  comparison check(row_of("element check", std::string(j.group.name())));
  // The lowest bit of an encoding is 0 (RFC 9496, section 4.3.1).
  bytes outside = j.peer;
  outside.front() |= 1U;
  check.add(
      std::string(ours), [&] { return j.group.check_public_key(j.peer).has_value(); },
      [&] { return !j.group.check_public_key(outside).has_value(); });
  check.add(
      "libsodium", [&] { return crypto_core_ristretto255_is_valid_point(j.peer.data()) == 1; },
      [&] { return crypto_core_ristretto255_is_valid_point(outside.data()) == 0; });
  check.run(how, out);
}

}  // namespace

void measure_curve_exponentiations(const settings& how, report& out) {
  crypto::system_random random;
  const job j(random);
  measure_free_base(j, how, out);
  measure_fixed_base(j, how, out);
  measure_element_check(j, how, out);
}

}  // namespace wardline::bench::primitives
