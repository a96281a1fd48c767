#include "tests/timing/leaks.hpp"

#include <array>

#include "common/crypto/elgamal.hpp"
#include "common/crypto/public_powers.hpp"
#include "common/crypto/ristretto255.hpp"
#include "tests/timing/secret_random.hpp"

namespace wardline::test {
namespace {

// Where results go, so that the compiler cannot leave out what makes them.
volatile unsigned sink;

std::array<byte, 256> make_table() {
  std::array<byte, 256> out{};
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<byte>(7 * i + 3);
  return out;
}

void branch_on_a_bit() {
  const auto secret = secret_random().make_secret<32>();
  // A volatile write on one side only, so that it stays a branch.
  if ((secret.view()[0] & 1U) != 0) sink = 1;
}

void look_up_by_a_byte() {
  static const auto table = make_table();
  const auto secret = secret_random().make_secret<32>();
  sink = table[secret.view()[0]];
}

void compare_with_early_exit() {
  const auto secret = secret_random().make_secret<32>();
  const auto guess = crypto::system_random().make_secret<32>();
  unsigned equal = 0;
  while (equal < 32 && secret.view()[equal] == guess.view()[equal]) ++equal;
  sink = equal;
}

// The function for public exponents.
void product_of_secret_powers() {
  const bytes prime(8, 0xff);  // odd is enough
  const bytes base{3};
  const crypto::public_powers powers(prime);
  std::vector<crypto::limb> x(1);
  secret_random().fill({reinterpret_cast<byte*>(x.data()), sizeof(crypto::limb)});
  sink = powers.product_is_one(x, {base, x}, {base, x}) ? 1U : 0U;
}

// The function for scalars that somebody sent.
void decode_as_if_public() {
  const auto x = secret_random().make_secret<32>();
  sink = crypto::ristretto255::scalars().decode_public(x.view()).has_value() ? 1U : 0U;
}

// Verifying is for public values.
void verify_a_secret_signature() {
  crypto::system_random random;
  const auto& group = crypto::suite_of(crypto::group_id::ristretto255);
  const auto y = group.public_key(group.make_ephemeral(random));
  bytes signature(64);
  secret_random().fill(signature);
  sink = group.verify({y.encoded}, "ctx", {}, signature).has_value() ? 1U : 0U;
}

}  // namespace

std::vector<operation> leaks() {
  return {{"a branch on a secret bit", branch_on_a_bit},
          {"a look-up in a table by a secret byte", look_up_by_a_byte},
          {"a comparison that ends at the first difference", compare_with_early_exit},
          {"powers as if their exponents were public", product_of_secret_powers},
          {"a scalar read as one that somebody sent", decode_as_if_public},
          {"a signature verified as if it were public", verify_a_secret_signature}};
}

}  // namespace wardline::test
