#include "bench/primitives/comparison.hpp"

#include <algorithm>
#include <cstdlib>

namespace wardline::bench::primitives {
namespace {

constexpr double microseconds = 1e6;  // of a second

// Only so can the order within a run be made random. The library keeps the arguments' addresses.
void use_google_benchmark() {
  static const bool initialised = [] {
    static std::string program = "wardline-bench";
    static std::string random_order = "--benchmark_enable_random_interleaving=true";
    static std::vector<char*> arguments{program.data(), random_order.data(), nullptr};
    int count = 2;
    benchmark::Initialize(&count, arguments.data());
    return true;
  }();
  static_cast<void>(initialised);
}

std::string text_of(const subject& s) {
  std::string out = s.what;
  if (!s.group.empty()) out += ", " + s.group;
  if (s.size) out += ", " + std::to_string(*s.size) + " " + s.size_unit;
  return out;
}

}  // namespace

subject row_of(std::string what, std::string group, std::optional<std::size_t> size,
               std::string size_unit) {
  return {"primitives", std::move(group), std::move(what), size, std::move(size_unit), "µs"};
}

effort effort_of(const settings& how) {
  if (how.repetitions) return {*how.repetitions, 0.0005};
  return how.quick ? effort{9, 0.01} : effort{15, 0.05};
}

// What Google Benchmark reports to: it prints nothing and keeps the samples.
class comparison::collector final : public benchmark::BenchmarkReporter {
 public:
  explicit collector(std::vector<contestant>& contestants) : contestants_(contestants) {}

  bool ReportContext(const Context&) override { return true; }

  void ReportRuns(const std::vector<Run>& runs) override {
    for (const auto& run : runs) {
      if (run.run_type != Run::RT_Iteration) continue;
      auto& c = contestants_.at(std::stoul(run.run_name.function_name));
      if (run.error_occurred) {
        c.fault = run.error_message;
      } else if (c.iterations == 0) {
        c.iterations = run.iterations;
      } else {
        c.samples.push_back(run.cpu_accumulated_time * microseconds /
                            static_cast<double>(run.iterations));
      }
    }
  }

 private:
  std::vector<contestant>& contestants_;
};

// The library's own repetitions are shuffled over all of them at once, which would leave sample i
// of one far from sample i of another. So each round is a run of one repetition. The first finds
// how many iterations make a sample, and warms up: nothing of it is kept.
void comparison::run_round(double seconds) {
  for (std::size_t i = 0; i < contestants_.size(); ++i) {
    const auto& c = contestants_[i];
    if (!c.fault.empty()) continue;
    auto* const registered = benchmark::RegisterBenchmark(std::to_string(i).c_str(), c.body);
    registered->Repetitions(1);
    if (c.iterations == 0) {
      registered->MinTime(seconds);
    } else {
      registered->Iterations(c.iterations);
    }
  }
  collector samples(contestants_);
  benchmark::RunSpecifiedBenchmarks(&samples, "all");
  benchmark::ClearRegisteredBenchmarks();
}

void comparison::run(const settings& how, report& out) {
  how.progress(text_of(of_));
  use_google_benchmark();
  const auto [repetitions, seconds] = effort_of(how);
  for (std::size_t round = 0; round <= repetitions; ++round) {
    if (std::any_of(contestants_.begin(), contestants_.end(),
                    [](const contestant& c) { return c.fault.empty(); })) {
      run_round(seconds);
    }
  }
  for (auto& c : contestants_) {
    if (c.fault.empty()) {
      out.add({of_, c.who, std::move(c.samples)});
    } else {
      out.remark(text_of(of_) + ": " + c.who + " is left out: " + c.fault);
    }
  }
}

}  // namespace wardline::bench::primitives
