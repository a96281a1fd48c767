#include "bench/scaling/scaling.hpp"

#include <algorithm>
#include <functional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "bench/fanout/wardline_contestant.hpp"
#include "bench/harness/command.hpp"
#include "bench/harness/gateway.hpp"
#include "bench/harness/patient_crowd.hpp"
#include "bench/harness/sizes.hpp"
#include "bench/report/number.hpp"
#include "bench/scaling/disk.hpp"

namespace wardline::bench {
namespace {

using steady = std::chrono::steady_clock;

constexpr std::size_t text_size = 256;
constexpr std::size_t broadcasts = 5;  // a warm-up comes before them
constexpr std::size_t movers = 50;     // patients who join and leave, one at a time
constexpr std::size_t few_at_once = 32;
constexpr std::chrono::minutes patience{10};
constexpr std::chrono::seconds resting{2};

// As the storm has it: that the gateway takes all at once is what is measured.
std::vector<std::string> options_for(std::size_t patients) {
  const auto all = std::to_string(patients + 1);
  return {"--max-connections", all,  "--handshake-queue", all, "--handshake-timeout", "1h",
          "--clock-window",    "1h", "--heartbeat",       "1h"};
}

// One size: a row for each thing, a sample for each time that it was measured.
class house {
 public:
  house(const settings& how, crypto::group_id group, std::size_t patients)
      : group_(group),
        crowd_(patients, group, verify_one_in(patients)),
        program_(how.doctor),
        movers_(std::min(movers, patients / 2)) {}

  void measure() {
    server_.emplace(program_, group_, options_for(crowd_.size()));
    crowd_.close_all();
    server_->enrol(crowd_.identities());
    crowd_.know(server_->identity());
    disk_ = disk_of(server_->directory());
    full_storm();
    resumed_storm();
    deliver();
    rest();
    leave_and_join();
    stop();
    add("disk", "B", "ledger: a broadcast's recipient",
        (disk_of(server_->directory()).ledger - disk_.ledger) /
            static_cast<double>(sent_ * crowd_.size()));
    sent_ = 0;
    weigh();
  }

  void tell(report& out) {
    for (auto& r : rows_) out.add(std::move(r));
  }

 private:
  void add(const std::string& what, const std::string& unit, const std::string& who,
           double sample) {
    const subject of{"scaling", std::string(crypto::name(group_)), what, crowd_.size(), "patients",
                     unit};
    auto at = std::find_if(rows_.begin(), rows_.end(),
                           [&](const row& r) { return r.of == of && r.who == who; });
    if (at == rows_.end()) at = rows_.insert(rows_.end(), {of, who, {}});
    at->samples.push_back(sample);
  }

  void stop() {
    server_->stop();
    crowd_.close_all();
  }

  patient_crowd::sign_in_result sign_in(patient_crowd::sign_in_plan plan) {
    plan.patience = patience;
    const auto wanted = std::min(plan.count, crowd_.size() - plan.first);
    auto result = crowd_.sign_in(plan);
    if (result.established < wanted)
      throw failure(fmt::format("{} of {} did not get in ({})", wanted - result.established, wanted,
                                result.failures.begin()->first));
    server_->settle();
    return result;
  }

  void storm(const std::string& kind, sign_in_way way) {
    server_->start();
    const patient_crowd::sign_in_plan plan{server_->port(), way};
    crowd_.prepare(plan);
    const double before = server_->used_cpu_us();
    const auto result = sign_in(plan);
    const auto count = static_cast<double>(result.established);
    add("sign-ins", "1/s", kind, count / (result.took_ms / 1e3));
    add("gateway CPU", "µs", "a " + kind + " sign-in", (server_->used_cpu_us() - before) / count);
  }

  void full_storm() {
    storm("full", sign_in_way::full);
    stop();
    const auto now = disk_of(server_->directory());
    add("disk", "B", "audit: a sign-in and its end",
        (now.audit - disk_.audit) / static_cast<double>(crowd_.size()));
    disk_ = now;
  }

  void resumed_storm() { storm("resumed", sign_in_way::by_ticket); }

  // To all who are present. Returns how long it took until the last had it, in ms.
  double broadcast() {
    const auto before = crowd_.newest().message;
    const auto began = steady::now();
    command order(*server_,
                  doctor::control::broadcast_request{
                      std::string(text_size, 'a'), protocol::priority::routine, false, {}});
    ++sent_;
    const auto& newest = crowd_.newest();
    if (!crowd_.run(
            [&] {
              return order.has_failed() ||
                     (newest.message != before && newest.decrypted == crowd_.in_session());
            },
            patience))
      throw failure("a broadcast did not reach all");
    const std::chrono::duration<double, std::milli> took = newest.last - began;
    order.finish();
    server_->settle();
    return took.count();
  }

  void deliver() {
    // After so many joins each patient would ratchet once for each; one who leaves has the gateway
    // open a new generation instead.
    crowd_.close(crowd_.size() - 1);
    server_->settle();
    broadcast();
    for (std::size_t i = 0; i < broadcasts; ++i) {
      const double before = server_->used_cpu_us();
      add("last delivery", "ms", "at rest", broadcast());
      add("gateway CPU", "µs", "a broadcast's recipient",
          (server_->used_cpu_us() - before) / static_cast<double>(crowd_.in_session()));
    }
  }

  // What the gateway does for those who do nothing.
  void rest() {
    const double before = server_->used_cpu_us();
    const auto began = steady::now();
    crowd_.run([] { return false; }, resting);
    const double used = server_->used_cpu_us() - before;
    at_rest_us_ = used / seconds_since(began);
    add("gateway CPU", "µs", "an idle session, each second",
        at_rest_us_ / static_cast<double>(crowd_.in_session()));
  }

  static double seconds_since(steady::time_point began) {
    return std::chrono::duration<double>(steady::now() - began).count();
  }

  // CPU time for each of those who move, without what it would have used anyhow.
  double for_each_mover(const std::function<void()>& act) {
    const double before = server_->used_cpu_us();
    const auto began = steady::now();
    act();
    const double used = server_->used_cpu_us() - before;
    return (used - at_rest_us_ * seconds_since(began)) / static_cast<double>(movers_);
  }

  void leave_and_join() {
    const auto first = crowd_.size() - movers_;
    const auto leave = [&] {
      for (auto who = first; who < crowd_.size(); ++who) crowd_.close(who);
      server_->settle();
    };
    patient_crowd::sign_in_plan plan{server_->port(), sign_in_way::by_ticket, first};
    sign_in({server_->port(), sign_in_way::by_ticket, crowd_.size() - 1});
    add("gateway CPU", "µs", "a leave", for_each_mover(leave));
    add("last delivery", "ms", "after a leave", broadcast());

    // What they have missed goes to each who comes back: the next time they have had everything.
    sign_in(plan);
    crowd_.run([&] { return crowd_.decrypted(crowd_.newest().message) >= crowd_.size(); },
               patience);
    leave();
    const auto bytes_before = crowd_.received_bytes();
    plan.at_once = 1;
    add("gateway CPU", "µs", "a join", for_each_mover([&] { sign_in(plan); }));
    add("bytes sent at a join, to all", "B", std::string(ours),
        static_cast<double>(crowd_.received_bytes() - bytes_before) / static_cast<double>(movers_));
  }

  // The memory of sessions, without what a storm needs for a moment.
  void weigh() {
    server_->start();
    patient_crowd::sign_in_plan plan{server_->port(), sign_in_way::by_ticket};
    plan.at_once = few_at_once;
    plan.count = std::min<std::size_t>(50, crowd_.size() / 2);
    sign_in(plan);
    const auto few = static_cast<double>(server_->resident());
    plan.first = plan.count;
    plan.count = crowd_.size() - plan.first;
    sign_in(plan);
    add("memory of an idle session", "B", std::string(ours),
        (static_cast<double>(server_->resident()) - few) / static_cast<double>(plan.count));
    server_->kill();
    crowd_.close_all();
  }

  crypto::group_id group_;
  patient_crowd crowd_;
  std::string program_;
  std::size_t movers_;
  std::optional<gateway> server_;
  disk_use disk_;
  std::size_t sent_ = 0;
  double at_rest_us_ = 0;  // CPU time of the gateway in a second
  std::vector<row> rows_;
};

}  // namespace

void run_scaling(const settings& how, report& out) {
  const auto group = how.group.value_or(crypto::group_id::ristretto255);
  for (const auto patients :
       sizes_that_fit(how, {100, 300, 1'000, 3'000, 10'000, 30'000}, {100, 300}, 1, out)) {
    house all(how, group, patients);
    const auto usual = patients > 3'000 ? 1U : 3U;
    const auto repetitions = how.repetitions.value_or(usual);
    for (std::size_t i = 0; i < repetitions; ++i) {
      how.progress(fmt::format("{} patients, {} of {}", count_text(patients), i + 1, repetitions));
      all.measure();
    }
    all.tell(out);
  }
}

}  // namespace wardline::bench
