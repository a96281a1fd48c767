// Measures whether the time of an operation depends on its secret: "Dude, is my code constant
// time?" (Reparaz, Balasch, Verbauwhede, DATE 2017), section III. Each measurement is of a secret
// that is always the same, or of a fresh one, by lot; what was slow for other reasons is cropped,
// and Welch's t-test says whether the two have the same mean. |t| > 4.5 is evidence of a
// difference; a small |t| is none of its absence. It gives no verdict: docs/testing.md says how to
// read it.
#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

#include <x86intrin.h>

#include "common/crypto/constant_time.hpp"
#include "common/crypto/identity.hpp"
#include "common/crypto/labels.hpp"

namespace wardline::test {
namespace {

/// Prepares secrets beforehand, so that making one is not measured, and uses the i-th.
struct subject {
  std::string name;
  std::function<void(bool fresh)> add;
  std::function<void(std::size_t i)> use;
  std::function<void()> clear;
};

struct measurement {
  std::uint64_t cycles;
  bool fresh;
};

constexpr std::size_t batch = 500;

std::vector<measurement> measure(subject& s, std::size_t samples) {
  crypto::system_random random;
  std::vector<measurement> out;
  out.reserve(samples);
  std::array<byte, batch> lots{};
  while (out.size() < samples) {
    random.fill(lots);
    s.clear();
    const std::size_t n = std::min(batch, samples - out.size());
    for (std::size_t i = 0; i < n; ++i) s.add((lots[i] & 1U) != 0);
    for (std::size_t i = 0; i < n; ++i) {
      unsigned core = 0;
      const auto begin = __rdtscp(&core);
      s.use(i);
      const auto end = __rdtscp(&core);
      out.push_back({end - begin, (lots[i] & 1U) != 0});
    }
  }
  return out;
}

/// Welch's t of those below `limit`, by Welford's running mean and variance.
double t_below(const std::vector<measurement>& all, std::uint64_t limit) {
  std::array<double, 2> n{};
  std::array<double, 2> mean{};
  std::array<double, 2> squares{};
  for (const auto& m : all) {
    if (m.cycles > limit) continue;
    const std::size_t c = m.fresh ? 1 : 0;
    const auto x = static_cast<double>(m.cycles);
    n[c] += 1;
    const double delta = x - mean[c];
    mean[c] += delta / n[c];
    squares[c] += delta * (x - mean[c]);
  }
  if (n[0] < 2 || n[1] < 2) return 0;
  const double of_mean = squares[0] / (n[0] - 1) / n[0] + squares[1] / (n[1] - 1) / n[1];
  return of_mean == 0 ? 0 : (mean[0] - mean[1]) / std::sqrt(of_mean);
}

void report(subject& s, std::size_t samples) {
  const auto begin = std::chrono::steady_clock::now();
  const auto all = measure(s, samples);
  std::vector<std::uint64_t> sorted;
  for (const auto& m : all) sorted.push_back(m.cycles);
  std::sort(sorted.begin(), sorted.end());
  // Section III-B: cropped at several percentiles, since nobody knows beforehand which is best.
  std::string line;
  double largest = 0;
  for (const double share : {1.0, 0.99, 0.9, 0.75, 0.5}) {
    const auto last = static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1));
    const double t = t_below(all, sorted[last]);
    if (std::abs(t) > std::abs(largest)) largest = t;
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "  %3.0f%%: %8.2f", 100 * share, t);
    line += text.data();
  }
  const auto seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  std::printf("%-28s %8zu samples, median %8llu cycles, %5.0f s, t%s, largest %.2f\n",
              s.name.c_str(), samples, static_cast<unsigned long long>(sorted[sorted.size() / 2]),
              seconds, line.c_str(), largest);
  std::fflush(stdout);
}

/// The control: it ends at the first byte that differs, and the fixed secret differs nowhere.
subject early_exit() {
  static const std::vector<byte> mine(4096, 7);
  static std::vector<std::vector<byte>> secrets;
  return {"control: early exit",
          [](bool fresh) {
            auto secret = mine;
            if (fresh) crypto::system_random().fill(secret);
            secrets.push_back(std::move(secret));
          },
          [](std::size_t i) {
            volatile bool equal = true;
            for (std::size_t j = 0; j < mine.size() && equal; ++j) equal = mine[j] == secrets[i][j];
          },
          [] { secrets.clear(); }};
}

/// The same comparison as the product makes it.
subject constant_time() {
  static const std::vector<byte> mine(4096, 7);
  static std::vector<std::vector<byte>> secrets;
  return {"comparison",
          [](bool fresh) {
            auto secret = mine;
            if (fresh) crypto::system_random().fill(secret);
            secrets.push_back(std::move(secret));
          },
          [](std::size_t i) {
            volatile bool equal = crypto::equal_in_constant_time(mine, secrets[i]);
            static_cast<void>(equal);
          },
          [] { secrets.clear(); }};
}

subject signing(crypto::group_id group) {
  static std::vector<std::pair<crypto::signature_private_key, crypto::signature_public_key>> keys;
  const auto& suite = crypto::suite_of(group);
  const auto make = [&suite](const secret<32>& seed) {
    auto x = suite.derive_signature_key(crypto::extract({}, {seed.view()}));
    auto y = suite.public_key(x);
    return std::pair(std::move(x), std::move(y));
  };
  return {"signing, " + std::string(suite.name()),
          [make](bool fresh) {
            secret<32> seed;
            if (fresh) crypto::system_random().fill(seed.writable());
            keys.push_back(make(seed));
          },
          [&suite](std::size_t i) {
            // The nonce is fresh each time, as it must be: it is what else there is to leak.
            crypto::system_random random;
            suite.sign(keys[i].first, keys[i].second, "dudect", {}, random);
          },
          [] { keys.clear(); }};
}

subject exchange(crypto::group_id group) {
  static std::vector<crypto::kem_private_key> keys;
  const auto& suite = crypto::suite_of(group);
  crypto::system_random random;
  const auto y = suite.public_key(suite.make_ephemeral(random)).encoded;
  const auto make = [&suite](const secret<32>& seed) {
    return suite.derive_kem_key(crypto::extract({}, {seed.view()}));
  };
  return {"dh, " + std::string(suite.name()),
          [make](bool fresh) {
            secret<32> seed;
            if (fresh) crypto::system_random().fill(seed.writable());
            keys.push_back(make(seed));
          },
          [&suite, y](std::size_t i) { static_cast<void>(suite.dh(keys[i], y)); },
          [] { keys.clear(); }};
}

}  // namespace
}  // namespace wardline::test

int main(int argc, char** argv) {
  using namespace wardline;
  const auto group = argc > 1 ? crypto::group_named(argv[1]) : std::nullopt;
  const unsigned long samples = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 0;
  if (!group || samples < 100) {
    std::fputs("usage: timing_dudect GROUP SAMPLES    (ristretto255 1000000; 100 at least)\n",
               stderr);
    return 2;
  }
  for (auto s :
       {test::early_exit(), test::constant_time(), test::signing(*group), test::exchange(*group)}) {
    test::report(s, samples);
  }
  return 0;
}
