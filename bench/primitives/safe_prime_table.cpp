#include <chrono>
#include <ctime>

#include <cryptopp/nbtheory.h>
#include <cryptopp/osrng.h>
#include <fmt/format.h>

#include "bench/primitives/openssl.hpp"
#include "bench/primitives/tables.hpp"

namespace wardline::bench::primitives {
namespace {

using wall_clock = std::chrono::steady_clock;

// A search is over after a time that has no bound and varies by more than its mean, so what all of
// them may take together is fixed.
constexpr std::chrono::seconds quick_limit{12};
constexpr std::chrono::seconds full_limit{150};

// Crypto++ cannot be told to give up a search, so it is not asked for a long one.
constexpr std::size_t cryptopp_limit = 1024;  // bits

double thread_milliseconds() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

struct free_callback {
  void operator()(BN_GENCB* x) const noexcept { BN_GENCB_free(x); }
};

class searcher {
 public:
  explicit searcher(wall_clock::time_point end)
      : end_(end), callback_(openssl_check(BN_GENCB_new())) {
    BN_GENCB_set(callback_.get(), go_on, this);
  }

  bool out_of_time() const { return wall_clock::now() >= end_; }

  // p = 2q + 1 of that many bits; false if the time ran out.
  bool openssl(std::size_t bits) {
    const openssl_number p(openssl_check(BN_new()));
    return BN_generate_prime_ex(p.get(), static_cast<int>(bits), 1, nullptr, nullptr,
                                callback_.get()) == 1 &&
           static_cast<std::size_t>(BN_num_bits(p.get())) == bits;
  }

  bool cryptopp(std::size_t bits) {
    if (out_of_time()) return false;
    const CryptoPP::PrimeAndGenerator made(1, random_, static_cast<unsigned>(bits));
    return made.Prime().BitCount() == bits && (made.Prime() - 1) / 2 == made.SubPrime();
  }

 private:
  static int go_on(int /*phase*/, int /*count*/, BN_GENCB* callback) {
    return static_cast<const searcher*>(BN_GENCB_get_arg(callback))->out_of_time() ? 0 : 1;
  }

  wall_clock::time_point end_;
  std::unique_ptr<BN_GENCB, free_callback> callback_;
  CryptoPP::AutoSeededRandomPool random_;
};

void remark_shortfall(std::size_t bits, std::string_view who, std::size_t done, std::size_t wanted,
                      report& out) {
  if (done == wanted) return;
  out.remark(
      fmt::format("safe-prime group, {} bit: the time ran out after {} of {}'s {} searches{}", bits,
                  done, who, wanted, done == 0 ? "" : "; those that it cut off are the slow ones"));
}

void measure_size(searcher& search, std::size_t bits, std::size_t wanted, const settings& how,
                  report& out) {
  how.progress(fmt::format("safe-prime group, {} bit", bits));
  const subject of{"primitives", {}, "safe-prime group", bits, "bit", "ms"};
  std::vector<double> openssl;
  std::vector<double> cryptopp;
  for (std::size_t i = 0; i < wanted; ++i) {
    const double start = thread_milliseconds();
    if (search.openssl(bits)) openssl.push_back(thread_milliseconds() - start);
    if (bits > cryptopp_limit) continue;
    const double middle = thread_milliseconds();
    if (search.cryptopp(bits)) cryptopp.push_back(thread_milliseconds() - middle);
  }
  remark_shortfall(bits, "OpenSSL", openssl.size(), wanted, out);
  if (bits <= cryptopp_limit) remark_shortfall(bits, "Crypto++", cryptopp.size(), wanted, out);
  out.add({of, "OpenSSL", std::move(openssl)});
  out.add({of, "Crypto++", std::move(cryptopp)});
}

}  // namespace

void measure_safe_primes(const settings& how, report& out) {
  searcher search(wall_clock::now() + (how.quick ? quick_limit : full_limit));
  const auto samples = [&](std::size_t usual) { return how.repetitions.value_or(usual); };
  measure_size(search, 512, samples(how.quick ? 15 : 60), how, out);
  measure_size(search, 1024, samples(how.quick ? 5 : 20), how, out);
  if (how.quick) {
    out.remark("safe-prime group, 2048 bit: left out by --quick (one takes many seconds)");
    return;
  }
  measure_size(search, 2048, samples(7), how, out);
  out.remark("safe-prime group, 2048 bit: OpenSSL alone, for Crypto++ cannot be told to give up");
}

}  // namespace wardline::bench::primitives
