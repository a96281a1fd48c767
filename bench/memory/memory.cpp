#include "bench/memory/memory.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "bench/harness/gateway.hpp"
#include "bench/harness/patient_crowd.hpp"
#include "bench/harness/sizes.hpp"
#include "bench/report/number.hpp"

namespace wardline::bench {
namespace {

// As many sign in at a time as one source address may, so that what their handshakes need for a
// moment is not taken for what their sessions need.
constexpr std::size_t at_once = 32;
constexpr std::size_t most_before = 50;

// The resident bytes for each session beyond the first few. Those have the gateway make what it
// makes once: tables of the group, the cache of its database.
double session_bytes(const settings& how, crypto::group_id group, patient_crowd& crowd) {
  gateway server(how.doctor, group, {"--heartbeat", "1h"});
  server.enrol(crowd.identities());
  crowd.know(server.identity());
  server.start();

  patient_crowd::sign_in_plan plan{server.port()};
  plan.at_once = at_once;
  const auto resident_with = [&](std::size_t count) {
    plan.count = count;
    const auto result = crowd.sign_in(plan);
    if (result.established < count)
      throw failure(fmt::format("{} of {} did not get in ({})", count - result.established, count,
                                result.failures.begin()->first));
    plan.first += count;
    server.settle();
    return static_cast<double>(server.resident());
  };
  const auto before = std::min(most_before, crowd.size() / 2);
  const double few = resident_with(before);
  const auto others = crowd.size() - before;
  const double all = resident_with(others);
  server.kill();
  crowd.close_all();
  return (all - few) / static_cast<double>(others);
}

}  // namespace

void run_memory(const settings& how, report& out) {
  const auto group = how.group.value_or(crypto::group_id::ristretto255);
  for (const auto patients : sizes_that_fit(how, {1'000, 10'000}, {1'000}, 1, out)) {
    patient_crowd crowd(patients, group);
    row r{
        {"memory", std::string(crypto::name(group)), "an idle session", patients, "patients", "B"},
        std::string(ours),
        {}};
    const auto usual = patients > 1'000 ? 3U : 5U;
    const auto repetitions = how.repetitions.value_or(usual);
    for (std::size_t i = 0; i < repetitions; ++i) {
      how.progress(
          fmt::format("{} idle sessions, {} of {}", count_text(patients), i + 1, repetitions));
      r.samples.push_back(session_bytes(how, group, crowd));
    }
    out.add(std::move(r));
  }
}

}  // namespace wardline::bench
