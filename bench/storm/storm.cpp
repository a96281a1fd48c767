#include "bench/storm/storm.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "bench/harness/file_limit.hpp"
#include "bench/harness/gateway.hpp"
#include "bench/harness/patient_crowd.hpp"
#include "bench/harness/sizes.hpp"
#include "bench/report/number.hpp"
#include "bench/storm/bystanders.hpp"
#include "bench/storm/pool_alone.hpp"

namespace wardline::bench {
namespace {

// What a gateway does with a storm is admission's to decide (1,024 connections without a session,
// 256 that wait for a worker, the others told to come back later). Here it is to take all of them
// at once, so that what is measured is its work and not its patients' patience.
std::vector<std::string> options_for(std::size_t patients) {
  const auto all = std::to_string(patients + bystanders::count);
  return {"--max-connections", all,  "--handshake-queue", all, "--handshake-timeout", "1h",
          "--clock-window",    "1h", "--heartbeat",       "1h"};
}

struct figures {
  std::vector<double> rate, all_back, slowest, cpu;
};

constexpr std::size_t calm_broadcasts = 10;
constexpr std::size_t people_who_come_again = 100;

class storm {
 public:
  storm(const settings& how, report& out, crypto::group_id group, std::size_t patients)
      : out_(out),
        group_(group),
        crowd_(patients, group),
        again_(patients, group, 1, 'a', people_who_come_again),
        server_(how.doctor, group, options_for(patients)),
        others_(server_, group) {
    server_.enrol(crowd_.identities());
    server_.enrol(again_.identities(),
                  protocol::scope::all & ~protocol::scopes{protocol::scope::receive_broadcasts});
    server_.enrol(others_.identities());
    crowd_.know(server_.identity());
    again_.know(server_.identity());
  }

  void blow() {
    pool_alone_.push_back(pool_alone(group_, crowd_.size()));
    server_.start();
    measure(sign_in_way::full, full_);
    // Killed: 10,000 goodbyes are no part of it, and the tickets are on disk.
    server_.kill();
    server_.start();
    measure(sign_in_way::by_ticket, resumed_);
    server_.kill();
    crowd_.close_all();
    blow_past_others();
  }

  void tell() {
    tell("full", full_);
    add("full sign-ins", "1/s", "crypto pool alone", pool_alone_);
    tell("resumed", resumed_);
    add("broadcast to 100, calm", "ms", ours, calm_);
    add("broadcast to 100 in a full storm", "ms", ours, in_storm_);
    add("slowest broadcast in a full storm", "ms", ours, slowest_broadcast_);
  }

 private:
  void measure(sign_in_way how, figures& into) {
    crowd_.close_all();
    patient_crowd::sign_in_plan plan{server_.port(), how};
    plan.patience = std::chrono::minutes(10);
    // The patients' requests are made before the clock runs: in life, they make them on their own
    // machines, all at the same time.
    crowd_.prepare(plan);
    const double before = server_.used_cpu_us();
    const auto result = crowd_.sign_in(plan);
    server_.settle();
    const double used = server_.used_cpu_us() - before;
    for (const auto& [cause, count] : result.failures) {
      out_.remark(fmt::format("storm of {}, {}: {} were not let in ({})", count_text(crowd_.size()),
                              how == sign_in_way::full ? "full" : "resumed", count_text(count),
                              cause));
    }
    if (result.retries > 0) {
      out_.remark(fmt::format("storm of {}: {} attempts failed and were made again",
                              count_text(crowd_.size()), count_text(result.retries)));
    }
    if (how == sign_in_way::by_ticket && result.resumed < result.established) {
      out_.remark(fmt::format("storm of {}, resumed: {} tickets were refused",
                              count_text(crowd_.size()),
                              count_text(result.established - result.resumed)));
    }
    if (result.established == 0) return;
    const auto count = static_cast<double>(result.established);
    into.rate.push_back(count / (result.took_ms / 1e3));
    into.all_back.push_back(result.took_ms);
    into.slowest.push_back(*std::max_element(result.each_ms.begin(), result.each_ms.end()));
    into.cpu.push_back(used / count);
  }

  // A storm of its own: what the others are sent would be a part of what was measured above. It is
  // of a hundred people who come again and again and have no right to broadcasts, so that those
  // have as many recipients at its end as in the calm before it.
  void blow_past_others() {
    server_.start();
    others_.come();
    std::vector<double> calm;
    others_.broadcast();  // the first opens a generation
    for (std::size_t i = 0; i < calm_broadcasts; ++i) calm.push_back(others_.broadcast());

    patient_crowd::sign_in_plan plan{server_.port(), sign_in_way::full};
    plan.patience = std::chrono::minutes(10);
    again_.prepare(plan);
    others_.begin();
    again_.sign_in(plan);
    const auto took = others_.end();
    server_.kill();
    again_.close_all();
    others_.go();

    slowest_broadcast_.push_back(*std::max_element(took.begin(), took.end()));
    calm_.insert(calm_.end(), calm.begin(), calm.end());
    in_storm_.insert(in_storm_.end(), took.begin(), took.end());
  }

  void add(const std::string& what, const std::string& unit, std::string_view who,
           const std::vector<double>& samples) {
    out_.add({{"storm", std::string(crypto::name(group_)), what, crowd_.size(), "patients", unit},
              std::string(who),
              samples});
  }

  void tell(const std::string& kind, const figures& f) {
    add(kind + " sign-ins", "1/s", ours, f.rate);
    add("all back, " + kind, "ms", ours, f.all_back);
    add("slowest " + kind + " sign-in", "ms", ours, f.slowest);
    add("CPU of a " + kind + " sign-in", "µs", ours, f.cpu);
  }

  report& out_;
  crypto::group_id group_;
  patient_crowd crowd_, again_;
  gateway server_;
  bystanders others_;
  figures full_, resumed_;
  std::vector<double> pool_alone_, calm_, in_storm_, slowest_broadcast_;
};

}  // namespace

void run_storm(const settings& how, report& out) {
  const auto group = how.group.value_or(crypto::group_id::ristretto255);
  for (const auto patients : sizes_that_fit(how, {1'000, 10'000}, {1'000}, 1, out)) {
    how.progress(fmt::format("{} patients enrol", count_text(patients)));
    storm all(how, out, group, patients);
    pool_alone(group, people_who_come_again);  // to warm up
    const auto usual = patients > 1'000 ? 3U : 5U;
    const auto repetitions = how.repetitions.value_or(usual);
    for (std::size_t i = 0; i < repetitions; ++i) {
      how.progress(
          fmt::format("{} patients at once, {} of {}", count_text(patients), i + 1, repetitions));
      all.blow();
    }
    all.tell();
  }
  out.remark(
      "storm: the patients' half of each sign-in runs on the same processors, in one thread, and "
      "shares them with the gateway; its limits are lifted so that it takes all at once");
}

}  // namespace wardline::bench
