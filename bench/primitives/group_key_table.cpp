#include <algorithm>
#include <map>

#include <cryptopp/hmac.h>
#include <cryptopp/sha.h>
#include <fmt/format.h>
#include <openssl/core_names.h>
#include <openssl/params.h>
#include <sodium.h>

#include "bench/primitives/comparison.hpp"
#include "bench/primitives/openssl.hpp"
#include "bench/primitives/tables.hpp"
#include "common/crypto/random.hpp"
#include "protocol/group/doctor_group.hpp"

namespace wardline::bench::primitives {
namespace {

using mac = std::unique_ptr<EVP_MAC, free_by<EVP_MAC_free>>;
using mac_context = std::unique_ptr<EVP_MAC_CTX, free_by<EVP_MAC_CTX_free>>;
using contributions = std::map<std::string, secret<32>>;

// What others need for GK_0 = HMAC(salt, c_1 || ... || c_m || group secret): a MAC over the same
// ordered table, with a salt that is there already.
struct job {
  explicit job(std::size_t count, crypto::random_source& random)
      : salt(random.make_secret<32>()), group_secret(random.make_secret<32>()) {
    for (std::size_t i = 0; i < count; ++i) {
      members.emplace(fmt::format("patient-{:05}", i), random.make_secret<32>());
    }
    expected = protocol::first_chain_key(salt.view(), members, group_secret);
  }

  // Each part in its order.
  template <class Update>
  void feed(Update update) const {
    for (const auto& [id, contribution] : members) update(contribution.view());
    update(group_secret.view());
  }

  bool is_right() { return std::ranges::equal(std::exchange(made, {}), expected.view()); }

  contributions members;
  secret<32> salt;
  secret<32> group_secret;
  secret<32> expected;
  byte_array<32> made{};
};

void measure_at(std::size_t count, const settings& how, report& out) {
  crypto::system_random random;
  job j(count, random);
  const auto is_right = [&] { return j.is_right(); };
  comparison key(row_of("group key", {}, count, "members"));

  protocol::doctor_group group(j.group_secret.clone(), random);
  for (const auto& [id, contribution] : j.members) {
    static_cast<void>(group.join(id, contribution.clone()));
  }
  std::uint32_t generation = 0;
  key.add(
      std::string(ours),
      [&] {
        group.open_generation(++generation, 0);
        return group.has_generation();
      },
      // Its salt is its own, so the formula is held against the known answer in its place.
      [&] {
        const auto again = protocol::first_chain_key(j.salt.view(), j.members, j.group_secret);
        return group.members() == count && std::ranges::equal(again.view(), j.expected.view());
      });

  key.add(
      "Crypto++",
      [&] {
        CryptoPP::HMAC<CryptoPP::SHA256> hmac(j.salt.view().data(), j.salt.size);
        j.feed([&](byte_view part) { hmac.Update(part.data(), part.size()); });
        hmac.Final(j.made.data());
        return true;
      },
      is_right);

  const mac algorithm(openssl_check(EVP_MAC_fetch(nullptr, "HMAC", nullptr)));
  const mac_context work(openssl_check(EVP_MAC_CTX_new(algorithm.get())));
  std::string digest = "SHA256";
  const std::array<OSSL_PARAM, 2> parameters{
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), 0),
      OSSL_PARAM_construct_end()};
  key.add(
      "OpenSSL",
      [&] {
        bool done =
            EVP_MAC_init(work.get(), j.salt.view().data(), j.salt.size, parameters.data()) == 1;
        j.feed([&](byte_view part) {
          done = EVP_MAC_update(work.get(), part.data(), part.size()) == 1 && done;
        });
        std::size_t size = 0;
        return EVP_MAC_final(work.get(), j.made.data(), &size, j.made.size()) == 1 && done;
      },
      is_right);

  key.add(
      "libsodium",
      [&] {
        crypto_auth_hmacsha256_state state;
        crypto_auth_hmacsha256_init(&state, j.salt.view().data(), j.salt.size);
        j.feed([&](byte_view part) {
          crypto_auth_hmacsha256_update(&state, part.data(), part.size());
        });
        return crypto_auth_hmacsha256_final(&state, j.made.data()) == 0;
      },
      is_right);
  key.run(how, out);
}

}  // namespace

void measure_group_key(const settings& how, report& out) {
  for (const auto count : std::initializer_list<std::size_t>{10, 100, 1000, 10'000}) {
    measure_at(count, how, out);
  }
}

}  // namespace wardline::bench::primitives
