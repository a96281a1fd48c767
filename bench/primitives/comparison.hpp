#pragma once

#include <exception>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>

#include "bench/report/report.hpp"
#include "bench/settings.hpp"

namespace wardline::bench::primitives {

/// A row of this table; the unit is µs unless something else is said.
subject row_of(std::string what, std::string group = {}, std::optional<std::size_t> size = {},
               std::string size_unit = {});

/// How often an operation is measured, and for how long (seconds) at least each time.
struct effort {
  std::size_t repetitions;
  double seconds;
};
effort effort_of(const settings& how);

/// One subject and everybody who does it. Google Benchmark runs and times them, in rounds: each
/// round measures every contestant once, in an order of its own, so that sample i of one was
/// taken beside sample i of the other.
class comparison {
 public:
  explicit comparison(subject of) : of_(std::move(of)) {}

  /// `operation` returns false if it failed. It is tried once at once, and then `is_right` asked
  /// what it made: who does not do the same thing is not measured.
  template <class Operation, class Check>
  void add(std::string who, Operation operation, Check is_right) {
    contestant c{std::move(who), {}, 0, {}, {}};
    try {
      if (!operation() || !is_right()) c.fault = "the result is wrong";
    } catch (const std::exception& why) {
      c.fault = why.what();
    }
    c.body = [operation](benchmark::State& state) mutable {
      for (auto _ : state) {
        if (!operation()) {
          state.SkipWithError("it failed");
          break;
        }
      }
    };
    contestants_.push_back(std::move(c));
  }

  /// Measures, and adds a row for each contestant, or a remark for one that fails.
  void run(const settings& how, report& out);

 private:
  struct contestant {
    std::string who;
    std::function<void(benchmark::State&)> body;
    benchmark::IterationCount iterations;  // of a sample; 0: not known yet
    std::vector<double> samples;           // µs
    std::string fault;                     // why it is not measured
  };
  class collector;

  void run_round(double seconds);

  subject of_;
  std::vector<contestant> contestants_;
};

}  // namespace wardline::bench::primitives
