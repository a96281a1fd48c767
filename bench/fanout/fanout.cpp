#include "bench/fanout/fanout.hpp"

#include <ctime>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "bench/fanout/contestants.hpp"
#include "bench/fanout/wardline_contestant.hpp"
#include "bench/harness/file_limit.hpp"
#include "bench/harness/sizes.hpp"
#include "bench/report/number.hpp"

namespace wardline::bench {
namespace {

constexpr std::size_t text_size = 256;
constexpr std::size_t warm_up = 3;
// With too few files for all contestants at a time, each is connected anew so often, lest one have
// the machine's quiet hour and another its busy one.
constexpr std::size_t turns_apart = 3;

double thread_cpu_us() {
  timespec used{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  return static_cast<double>(used.tv_sec) * 1e6 + static_cast<double>(used.tv_nsec) / 1e3;
}

const bytes& text() {
  static const bytes out(text_size, 'a');
  return out;
}

// One contestant at one size, over all its turns.
struct entrant {
  explicit entrant(make_contestant maker) : make(std::move(maker)) {}

  make_contestant make;
  std::unique_ptr<contestant> now;
  std::string name;
  bool is_out = false;
  std::vector<double> last_ms, per_second, cpu_us, own_cpu_us;
};

class contest {
 public:
  contest(const settings& how, report& out, std::size_t receivers)
      : how_(how), out_(out), receivers_(receivers) {
    for (auto& make : fanout_contestants(how)) entrants_.emplace_back(std::move(make));
  }

  void run(std::size_t repetitions) {
    const auto needed = entrants_.size() * receivers_ + other_files;
    if (raise_file_limit(needed) >= needed) {
      take_turn(entrants_, repetitions);
    } else {
      for (std::size_t turn = 0; turn < turns_apart; ++turn) {
        const auto share = (repetitions + turns_apart - 1 - turn) / turns_apart;
        for (auto& one : entrants_) take_turn({&one, 1}, share);
      }
    }
    for (const auto& e : entrants_) tell(e);
  }

 private:
  // Connects all of these, has each deliver in turn, lets them go.
  void take_turn(std::span<entrant> all, std::size_t repetitions) {
    for (auto& e : all) {
      attempt(e, [&] {
        e.now = e.make();
        e.name = e.now->name();
        how_.progress(fmt::format("{} to {}, connecting", e.name, count_text(receivers_)));
        e.now->connect(receivers_);
        for (std::size_t i = 0; i < warm_up; ++i) e.now->broadcast(text());
      });
    }
    for (std::size_t i = 0; i < repetitions; ++i) {
      how_.progress(fmt::format("to {}, {} of {}", count_text(receivers_), i + 1, repetitions));
      for (auto& e : all) attempt(e, [&] { measure(e); });
    }
    for (auto& e : all) e.now.reset();
  }

  template <class Work>
  void attempt(entrant& e, const Work& work) {
    if (e.is_out) return;
    try {
      work();
    } catch (const failure& why) {
      e.is_out = true;
      e.now.reset();
      out_.remark(fmt::format("fanout to {}, {}: {}{}{}", count_text(receivers_), e.name,
                              why.what(), why.hint().empty() ? "" : "; ", why.hint()));
    }
  }

  void measure(entrant& e) const {
    const double own_before = thread_cpu_us();
    const auto d = e.now->broadcast(text());
    const auto count = static_cast<double>(receivers_);
    e.own_cpu_us.push_back((thread_cpu_us() - own_before) / count);
    e.last_ms.push_back(d.last_ms);
    e.per_second.push_back(count / (d.last_ms / 1e3));
    e.cpu_us.push_back(d.cpu_us / count);
  }

  void tell(const entrant& e) {
    const auto group =
        std::string(crypto::name(how_.group.value_or(crypto::group_id::ristretto255)));
    const auto add = [&](const std::string& what, const std::string& unit,
                         const std::vector<double>& samples) {
      out_.add({{"fanout", group, what, receivers_, "patients", unit}, e.name, samples});
    };
    add("last delivery", "ms", e.last_ms);
    add("messages a second", "1/s", e.per_second);
    add("gateway CPU a message", "µs", e.cpu_us);
    // All receivers are one thread: with more to do than the gateway, it is they who are measured.
    add("receiver CPU a message", "µs", e.own_cpu_us);
  }

  const settings& how_;
  report& out_;
  std::size_t receivers_;
  std::vector<entrant> entrants_;
};

}  // namespace

void run_fanout(const settings& how, report& out) {
  const auto sizes = sizes_that_fit(how, {100, 1'000, 10'000}, {100, 1'000}, 1, out);
  for (const auto patients : sizes) {
    // To few receivers, one delivery differs from the next by half; so many steady the median.
    const auto usual = patients > 1'000 ? 31U : (how.quick ? 61U : 101U);
    contest(how, out, patients).run(how.repetitions.value_or(usual));
    out.remark(fmt::format("fanout to {}: one patient in {} verifies the signature, all decrypt",
                           count_text(patients), count_text(verify_one_in(patients))));
  }
  if (sizes.empty()) return;
  out.remark(
      "fanout: Wardline keeps a row for each recipient on disk and takes a receipt from each, "
      "which "
      "its CPU time includes; the others are told nothing of who has got what");
}

}  // namespace wardline::bench
