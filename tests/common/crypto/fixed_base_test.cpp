#include "common/crypto/fixed_base.hpp"

#include "common/crypto/exponentiation.hpp"
#include "common/crypto/ffdhe.hpp"
#include "common/util/text_encoding.hpp"
#include "tests/support/catch.hpp"

namespace wardline::crypto {
namespace {

std::vector<limb> to_limbs(byte_view x) {
  std::vector<limb> out(limbs_for(x.size()));
  read_big_endian(x, out);
  return out;
}

std::string to_text(std::span<const limb> x, std::size_t size) {
  bytes out(size);
  write_big_endian(x, out);
  return to_hex(out);
}

// Exponents with the bits where a table that is cut or joined wrongly would show it.
std::vector<bytes> exponents(std::size_t bits) {
  std::vector<bytes> out{bytes(bits / 8, 0), bytes(bits / 8, 0xff), bytes(bits / 8, 0xa5)};
  for (std::size_t position = 0; position < bits; position += 29) {
    bytes one(bits / 8, 0);
    one[one.size() - 1 - position / 8] = static_cast<byte>(1U << (position % 8));
    out.push_back(std::move(one));
  }
  return out;
}

TEST_CASE("the table gives the powers that libcrypto gives") {
  const auto modulus = ffdhe<2048>::group().prime();
  const auto base = from_hex("0102030405060708090a0b0c0d0e0f").value();
  bytes padded(modulus.size());
  std::copy(base.rbegin(), base.rend(), padded.rbegin());
  const montgomery field(to_limbs(modulus));
  const exponentiation reference(modulus);

  const bytes one{1};
  const bytes zero{0};
  const auto compare = [&](std::size_t bits, std::size_t blocks) {
    const fixed_base table(field, to_limbs(padded), bits, blocks);
    for (const auto& x : exponents(bits)) {
      INFO(bits << " bits, " << blocks << " blocks, x = " << to_hex(x));
      const auto expected = to_hex(reference.product_of_powers(padded, x, one, zero));
      std::vector<limb> out(field.size());
      table.power(to_limbs(x), out);
      CHECK(to_text(out, modulus.size()) == expected);
    }
  };
  compare(256, 1);
  compare(288, 2);
  compare(352, 3);
  compare(2048, 8);
}

TEST_CASE("Montgomery's form holds numbers below p alone when it is left") {
  // p = 2^64 - 59: small enough to be computed by the compiler.
  const std::vector<limb> modulus{18446744073709551557U};
  const montgomery field(modulus);
  montgomery::workspace work(field);
  const auto multiply = [&](limb a, limb b) {
    std::vector<limb> x{a};
    std::vector<limb> y{b};
    field.enter(x, x, work);
    field.enter(y, y, work);
    field.multiply(x, x, y, work);
    field.leave(x, x, work);
    return x[0];
  };
  const limb p = modulus[0];
  __extension__ using wide = unsigned __int128;
  for (const limb a : {limb{0}, limb{1}, limb{2}, limb{0x123456789abcdef0}, p - 2, p - 1}) {
    for (const limb b : {limb{0}, limb{1}, limb{59}, limb{0xfedcba9876543210}, p - 2, p - 1}) {
      CHECK(multiply(a, b) == static_cast<limb>(static_cast<wide>(a) * b % p));
    }
  }
  std::vector<limb> one(field.one().begin(), field.one().end());
  field.leave(one, one, work);
  CHECK(one[0] == 1);
}

}  // namespace
}  // namespace wardline::crypto
