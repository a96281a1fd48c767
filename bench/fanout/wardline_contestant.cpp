#include "bench/fanout/wardline_contestant.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "bench/harness/command.hpp"
#include "bench/report/report.hpp"

namespace wardline::bench {
namespace {

using steady = std::chrono::steady_clock;

constexpr std::size_t connecting_at_once = 256;
constexpr std::chrono::minutes patience{1};

std::string in_words(const std::map<std::string, std::size_t>& causes) {
  std::string out;
  for (const auto& [cause, count] : causes)
    out += fmt::format("{}{}: {}", out.empty() ? "" : ", ", cause, count);
  return out;
}

}  // namespace

std::size_t verify_one_in(std::size_t patients) {
  return std::max<std::size_t>(100, patients / 10);
}

wardline_contestant::wardline_contestant(const settings& how)
    : program_(how.doctor), group_(how.group.value_or(crypto::group_id::ristretto255)) {}

std::string wardline_contestant::name() const { return std::string(ours); }

void wardline_contestant::connect(std::size_t n) {
  receivers_ = n;
  // No checks between: they would be somebody else's noise.
  server_.emplace(program_, group_, std::vector<std::string>{"--heartbeat", "1h"});
  crowd_.emplace(n + 1, group_, verify_one_in(n));
  server_->enrol(crowd_->identities());
  crowd_->know(server_->identity());
  server_->start();

  patient_crowd::sign_in_plan plan{server_->port()};
  plan.at_once = connecting_at_once;
  const auto result = crowd_->sign_in(plan);
  if (result.established < n + 1)
    throw failure(fmt::format("only {} of {} patients signed in ({})", result.established, n + 1,
                              in_words(result.failures)));
  // After n joins the first broadcast would have each patient ratchet up to n steps, all of them on
  // this one processor. One who leaves has the gateway open a new generation instead, with the
  // first broadcast, which is for warming up; those that are measured find the group at rest.
  crowd_->close(n);
  server_->settle();
}

delivery wardline_contestant::broadcast(byte_view text) {
  const auto before = crowd_->newest().message;
  const double cpu_before = server_->used_cpu_us();
  const auto began = steady::now();
  command send(*server_, doctor::control::broadcast_request{
                             std::string(as_text(text)), protocol::priority::emergency, true, {}});
  const auto& newest = crowd_->newest();
  const bool all_have_it = crowd_->run(
      [&] {
        return send.has_failed() || (newest.message != before && newest.decrypted == receivers_);
      },
      patience);
  const auto last = newest.last;
  send.finish();
  if (!all_have_it) {
    throw failure(fmt::format("a broadcast reached {} of {} ({})",
                              newest.message == before ? 0 : newest.decrypted, receivers_,
                              in_words(crowd_->troubles())));
  }
  server_->settle();
  return {std::chrono::duration<double, std::milli>(last - began).count(),
          server_->used_cpu_us() - cpu_before};
}

}  // namespace wardline::bench
