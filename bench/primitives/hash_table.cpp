#include <algorithm>

#include <cryptopp/hkdf.h>
#include <cryptopp/sha.h>
#include <openssl/core_names.h>
#include <openssl/params.h>
#include <sodium.h>

#include "bench/primitives/comparison.hpp"
#include "bench/primitives/openssl.hpp"
#include "bench/primitives/tables.hpp"
#include "common/crypto/kdf.hpp"
#include "common/crypto/labels.hpp"
#include "common/crypto/random.hpp"
#include "common/crypto/sha256.hpp"

namespace wardline::bench::primitives {
namespace {

using key_derivation = std::unique_ptr<EVP_KDF, free_by<EVP_KDF_free>>;
using key_derivation_context = std::unique_ptr<EVP_KDF_CTX, free_by<EVP_KDF_CTX_free>>;

void measure_sha256(std::size_t size, const settings& how, report& out) {
  crypto::system_random random;
  bytes message(size);
  random.fill(message);
  const auto expected = crypto::sha256({message}).value;
  byte_array<32> made{};
  const auto is_right = [&] { return std::exchange(made, {}) == expected; };

  comparison hash(row_of("SHA-256", {}, size, "B"));
  hash.add(
      std::string(ours),
      [&] {
        made = crypto::sha256({message}).value;
        return true;
      },
      is_right);
  hash.add(
      "Crypto++",
      [&] {
        CryptoPP::SHA256().CalculateDigest(made.data(), message.data(), message.size());
        return true;
      },
      is_right);
  // Fetched once, as OpenSSL 3 advises: to look the algorithm up costs more than a short message.
  const openssl_digest sha(openssl_check(EVP_MD_fetch(nullptr, "SHA256", nullptr)));
  const openssl_digest_context work(openssl_check(EVP_MD_CTX_new()));
  hash.add(
      "OpenSSL",
      [&] {
        return EVP_DigestInit_ex2(work.get(), sha.get(), nullptr) == 1 &&
               EVP_DigestUpdate(work.get(), message.data(), message.size()) == 1 &&
               EVP_DigestFinal_ex(work.get(), made.data(), nullptr) == 1;
      },
      is_right);
  hash.add(
      "libsodium",
      [&] { return crypto_hash_sha256(made.data(), message.data(), message.size()) == 0; },
      is_right);
  hash.run(how, out);
}

// Extract and Expand, one key of 32 bytes. (libsodium has HKDF from 1.0.19 on.)
void measure_hkdf(const settings& how, report& out) {
  crypto::system_random random;
  const auto salt = random.make_secret<32>();
  const auto input = random.make_secret<32>();
  const auto label = crypto::label::session_key;
  const auto derive = [&] {
    const auto prk = crypto::extract(salt.view(), {input.view()});
    return crypto::expand<32>(prk.view(), label);
  };
  const auto expected = derive();
  byte_array<32> made{};
  const auto is_right = [&] {
    return std::ranges::equal(std::exchange(made, {}), expected.view());
  };

  comparison hkdf(row_of("HKDF-SHA-256"));
  hkdf.add(
      std::string(ours),
      [&] {
        const auto key = derive();
        std::copy(key.view().begin(), key.view().end(), made.begin());
        return true;
      },
      is_right);
  const auto info = as_bytes(label);
  hkdf.add(
      "Crypto++",
      [&] {
        CryptoPP::HKDF<CryptoPP::SHA256>().DeriveKey(made.data(), made.size(), input.view().data(),
                                                     input.size, salt.view().data(), salt.size,
                                                     info.data(), info.size());
        return true;
      },
      is_right);
  const key_derivation algorithm(openssl_check(EVP_KDF_fetch(nullptr, "HKDF", nullptr)));
  const key_derivation_context work(openssl_check(EVP_KDF_CTX_new(algorithm.get())));
  // OpenSSL takes what it only reads by pointers to what it might write.
  std::string digest = "SHA256";
  auto key_copy = to_bytes(input.view());
  auto salt_copy = to_bytes(salt.view());
  auto info_copy = to_bytes(info);
  const std::array<OSSL_PARAM, 5> parameters{
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest.data(), 0),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, key_copy.data(), key_copy.size()),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, salt_copy.data(), salt_copy.size()),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, info_copy.data(), info_copy.size()),
      OSSL_PARAM_construct_end()};
  hkdf.add(
      "OpenSSL",
      [&] {
        // The context accumulates `info`: it begins anew for each key.
        EVP_KDF_CTX_reset(work.get());
        return EVP_KDF_derive(work.get(), made.data(), made.size(), parameters.data()) == 1;
      },
      is_right);
  hkdf.run(how, out);
}

}  // namespace

void measure_hash(const settings& how, report& out) {
  measure_sha256(256, how, out);
  measure_sha256(65536, how, out);
  measure_hkdf(how, out);
}

}  // namespace wardline::bench::primitives
