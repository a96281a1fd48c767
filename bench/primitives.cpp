#include "bench/primitives.hpp"

#include <memory>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "common/crypto/aead.hpp"
#include "common/crypto/identity.hpp"

namespace wardline::bench {
namespace {

constexpr std::size_t message_size = 256;  // bytes: a short broadcast

void measure(const std::string& name, const primitives_options& options,
             std::function<void(benchmark::State&)> body) {
  auto* registered = benchmark::RegisterBenchmark(name.c_str(), std::move(body));
  registered->Unit(benchmark::kMicrosecond)
      ->Repetitions(options.quick ? 3 : 15)
      ->MinTime(options.quick ? 0.01 : 0.1)
      ->ReportAggregatesOnly();
}

void measure_group(const crypto::suite& group, const primitives_options& options) {
  const auto random = std::make_shared<crypto::system_random>();
  const auto seed = random->make_secret<32>();
  const auto self =
      std::make_shared<crypto::own_identity>(seed, crypto::role::doctor, group.id(), "bench");
  const auto message = std::make_shared<bytes>(message_size);
  const std::string prefix = std::string(group.name()) + "/";
  constexpr std::string_view context = "wardline/1 bench";

  measure(prefix + "key generation", options, [=, &group](benchmark::State& state) {
    for (auto _ : state) {
      const crypto::own_identity made(random->make_secret<32>(), crypto::role::patient, group.id(),
                                      "bench");
      benchmark::DoNotOptimize(made.encoded().data());
    }
  });
  measure(prefix + "sign", options, [=](benchmark::State& state) {
    for (auto _ : state) benchmark::DoNotOptimize(self->sign(context, {*message}, *random));
  });
  measure(prefix + "verify", options, [=, &group](benchmark::State& state) {
    const auto signature = self->sign(context, {*message}, *random);
    for (auto _ : state) {
      if (!group.verify(self->public_part().y_sig, context, {*message}, signature)) {
        state.SkipWithError("a valid signature was refused");
        break;
      }
    }
  });
  measure(prefix + "dh", options, [=](benchmark::State& state) {
    for (auto _ : state) {
      if (!self->dh(self->public_part().y_kem.encoded)) {
        state.SkipWithError("dh failed");
        break;
      }
    }
  });
}

void measure_cipher(const primitives_options& options) {
  for (const std::size_t size : {std::size_t{256}, std::size_t{4096}, std::size_t{65536}}) {
    measure("aes-256-gcm/seal " + std::to_string(size) + " B", options,
            [size](benchmark::State& state) {
              crypto::aes256_gcm cipher{secret<32>()};
              const bytes plaintext(size);
              crypto::aes256_gcm::nonce nonce{};
              for (auto _ : state) {
                bytes out;
                cipher.seal(nonce, {}, plaintext, out);
                benchmark::DoNotOptimize(out.data());
              }
              state.SetBytesProcessed(static_cast<std::int64_t>(size) * state.iterations());
            });
  }
}

}  // namespace

void run_primitives(const primitives_options& options) {
  for (const auto id : {crypto::group_id::ffdhe2048, crypto::group_id::ffdhe3072,
                        crypto::group_id::ffdhe4096, crypto::group_id::ristretto255}) {
    if (!options.group || *options.group == id) measure_group(crypto::suite_of(id), options);
  }
  measure_cipher(options);
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}

}  // namespace wardline::bench
