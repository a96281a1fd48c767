#include "bench/handshake/in_step.hpp"

#include <algorithm>
#include <vector>

#include "bench/handshake/cpu_clock.hpp"
#include "common/util/error.hpp"

namespace wardline::bench {
namespace {

constexpr int most_turns = 6;  // the longest of all is over at the third

using many = std::vector<std::unique_ptr<sign_in>>;

template <class Action>
std::chrono::nanoseconds cpu_time_of(const many& all, Action&& action) {
  const auto began = thread_cpu_time();
  for (const auto& each : all) action(*each);
  return thread_cpu_time() - began;
}

bool are_over(const many& all) {
  return std::all_of(all.begin(), all.end(), [](const auto& each) { return each->is_over(); });
}

}  // namespace

std::chrono::nanoseconds sign_in_in_step(sign_in_method& method, std::size_t count) {
  many all;
  for (std::size_t i = 0; i < count; ++i) all.push_back(method.begin());

  std::chrono::nanoseconds spent{};
  for (int turn = 1;; ++turn) {
    for (const auto& each : all) each->patient_turn();
    if (are_over(all)) break;
    if (turn == most_turns) throw failure(method.name() + ": the sign-in does not end");
    spent += cpu_time_of(all, [](sign_in& each) { each.doctor_turn(); });
  }
  for (const auto& each : all) each->check();
  spent += cpu_time_of(all, [](sign_in& each) { each.dismiss_doctor(); });
  return spent;
}

}  // namespace wardline::bench
