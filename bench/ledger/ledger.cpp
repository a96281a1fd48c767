#include "bench/ledger/ledger.hpp"

#include <fmt/format.h>

#include "bench/fanout/wardline_contestant.hpp"
#include "bench/harness/sizes.hpp"
#include "bench/ledger/ledger_work.hpp"
#include "bench/report/number.hpp"

namespace wardline::bench {
namespace {

constexpr std::size_t text_size = 256;
constexpr std::size_t warm_up = 3;

void measure(const settings& how, report& out, std::size_t patients, std::size_t repetitions) {
  const auto group = how.group.value_or(crypto::group_id::ristretto255);
  const bytes text(text_size, 'a');
  how.progress(fmt::format("{} patients, connecting", count_text(patients)));
  wardline_contestant fanout(how);
  fanout.connect(patients);
  ledger_work ledger(group, patient_crowd(patients, group).identities());
  for (std::size_t i = 0; i < warm_up; ++i) {
    fanout.broadcast(text);
    ledger.broadcast(text);
  }

  std::vector<double> last_ms, before_ms, whole_ms, share;
  for (std::size_t i = 0; i < repetitions; ++i) {
    how.progress(fmt::format("{} patients, {} of {}", count_text(patients), i + 1, repetitions));
    const double last = fanout.broadcast(text).last_ms;
    const auto cost = ledger.broadcast(text);
    last_ms.push_back(last);
    before_ms.push_back(cost.before_first_byte_ms);
    whole_ms.push_back(cost.before_first_byte_ms + cost.after_ms);
    share.push_back(100 * cost.before_first_byte_ms / last);
  }
  const auto add = [&](const std::string& what, const std::string& unit,
                       std::vector<double> samples) {
    out.add({{"ledger", std::string(crypto::name(group)), what, patients, "patients", unit},
             std::string(ours),
             std::move(samples)});
  };
  add("last delivery", "ms", std::move(last_ms));
  add("ledger before the first byte", "ms", std::move(before_ms));
  add("ledger with all receipts", "ms", std::move(whole_ms));
  add("ledger's share of the delivery", "%", std::move(share));
}

}  // namespace

void run_ledger(const settings& how, report& out) {
  const auto sizes = sizes_that_fit(how, {1'000, 10'000}, {1'000}, 1, out);
  for (const auto patients : sizes)
    measure(how, out, patients, how.repetitions.value_or(how.quick ? 21U : 31U));
  if (sizes.empty()) return;
  out.remark(
      "ledger: the gateway has no mode without it; its statements and transactions are run on a "
      "database of their own in the same file system, between the broadcasts of a real gateway");
  out.remark(
      "ledger: its share is what the gateway writes before the first byte goes out, divided by the "
      "time until the last patient has it (a share of 16.7 % adds 20 % to the rest); \"sent\" and "
      "the receipts are written after the bytes have gone");
}

}  // namespace wardline::bench
