#include <algorithm>
#include <vector>

#include "bench/primitives/comparison.hpp"
#include "bench/primitives/plain_cipher.hpp"
#include "bench/primitives/tables.hpp"
#include "common/crypto/random.hpp"

namespace wardline::bench::primitives {
namespace {

constexpr std::size_t header_size = 8;  // what a protected frame authenticates besides its body

// What is sealed at one size, under a key that stays set. A nonce serves again and again, which
// no use of the cipher may do; it changes nothing of what it costs.
struct job {
  job(std::size_t size, crypto::random_source& random)
      : key(random.make_secret<32>()), aad(header_size), plaintext(size), ours(key) {
    random.fill(n);
    random.fill(plaintext);
    ours.seal(n, aad, plaintext, sealed);
  }

  secret<32> key;
  crypto::aes256_gcm::nonce n{};
  bytes aad;
  bytes plaintext;
  bytes sealed;  // by us: what everybody must make of it
  crypto::aes256_gcm ours;
};

void measure_seal(job& j, const settings& how, report& out) {
  comparison seal(row_of("AES-256-GCM seal", {}, j.plaintext.size(), "B"));
  bytes made;
  seal.add(
      std::string(ours),
      [&] {
        made.clear();
        j.ours.seal(j.n, j.aad, j.plaintext, made);
        return true;
      },
      [&] { return made == j.sealed; });
  std::vector<std::unique_ptr<plain_cipher>> theirs;
  for (const auto& [who, make] : cipher_makers()) {
    auto* const cipher = theirs.emplace_back(make(j.key.view())).get();
    made.assign(j.sealed.size(), 0);
    seal.add(
        std::string(who), [&, cipher] { return cipher->seal(j.n, j.aad, j.plaintext, made); },
        [&] { return made == j.sealed; });
  }
  seal.run(how, out);
}

void measure_open(job& j, const settings& how, report& out) {
  comparison open(row_of("AES-256-GCM open", {}, j.plaintext.size(), "B"));
  secret_bytes opened;
  open.add(
      std::string(ours),
      [&] {
        auto made = j.ours.open(j.n, j.aad, j.sealed);
        if (!made) return false;
        opened = std::move(*made);
        return true;
      },
      [&] { return std::ranges::equal(opened.view(), j.plaintext); });
  std::vector<std::unique_ptr<plain_cipher>> theirs;
  bytes made(j.plaintext.size());
  for (const auto& [who, make] : cipher_makers()) {
    auto* const cipher = theirs.emplace_back(make(j.key.view())).get();
    made.assign(made.size(), 0);
    open.add(
        std::string(who), [&, cipher] { return cipher->open(j.n, j.aad, j.sealed, made); },
        [&] { return made == j.plaintext; });
  }
  open.run(how, out);
}

}  // namespace

void measure_cipher(const settings& how, report& out) {
  crypto::system_random random;
  if (!sodium_has_aes()) {
    out.remark("libsodium has AES-256-GCM only where the CPU has AES and PCLMULQDQ: left out");
  }
  for (const auto size : std::initializer_list<std::size_t>{16, 256, 1024, 4096, 65536}) {
    job j(size, random);
    measure_seal(j, how, out);
    measure_open(j, how, out);
  }
}

}  // namespace wardline::bench::primitives
