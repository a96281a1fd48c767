#include "bench/handshake/handshake.hpp"

#include <algorithm>
#include <array>
#include <chrono>

#include "bench/handshake/contestants.hpp"
#include "bench/handshake/in_step.hpp"

namespace wardline::bench {
namespace {

using std::chrono::nanoseconds;
using namespace std::chrono_literals;

constexpr std::array groups{crypto::group_id::ffdhe2048, crypto::group_id::ffdhe3072,
                            crypto::group_id::ffdhe4096, crypto::group_id::ristretto255};

constexpr int warm_ups = 3;
// More of them beside each other would show what the caches hold, and not what a sign-in costs.
constexpr std::int64_t most_in_step = 8;

struct extent {
  std::size_t repetitions;
  nanoseconds sample;  ///< the least that one takes
};

extent extent_of(const settings& how) {
  auto e = how.quick ? extent{11, 10ms} : extent{51, 20ms};
  if (how.repetitions) e.repetitions = *how.repetitions;
  return e;
}

/// One contestant in the course of a run.
struct runner {
  const contestants::contestant& who;
  std::size_t in_step = 1;
  std::vector<double> samples;
  bool failed = false;

  void warm_up(nanoseconds sample) {
    nanoseconds last{1};
    for (int i = 0; i < warm_ups; ++i) last = std::max(1ns, sign_in_in_step(*who.method, 1));
    in_step = static_cast<std::size_t>(std::clamp(sample / last, std::int64_t{1}, most_in_step));
  }

  /// The mean of as many as take long enough for the clock.
  void measure(nanoseconds sample) {
    nanoseconds spent{};
    std::size_t done = 0;
    while (spent < sample) {
      spent += sign_in_in_step(*who.method, in_step);
      done += in_step;
    }
    const std::chrono::duration<double, std::micro> us = spent;
    samples.push_back(us.count() / static_cast<double>(done));
  }

  /// A contestant who fails once is out, with a remark and without a row.
  template <class Action>
  void attempt(report& out, Action&& action) {
    if (failed) return;
    try {
      action();
    } catch (const failure& e) {
      failed = true;
      out.remark("handshake, " + who.of.group + ", " + who.method->name() + ": " + e.what() +
                 ": left out");
    }
  }
};

void run_group(crypto::group_id group, const settings& how, report& out) {
  how.progress("handshake, " + std::string(crypto::name(group)));
  const auto extent = extent_of(how);
  const contestants field(group, out);
  std::vector<runner> runners;
  for (const auto& who : field.all()) runners.push_back({who, 1, {}, false});
  for (auto& r : runners) r.attempt(out, [&] { r.warm_up(extent.sample); });
  for (std::size_t i = 0; i < extent.repetitions; ++i) {
    for (auto& r : runners) r.attempt(out, [&] { r.measure(extent.sample); });
  }
  for (auto& r : runners) {
    if (!r.failed) out.add({r.who.of, r.who.method->name(), std::move(r.samples)});
  }
}

}  // namespace

void run_handshake(const settings& how, report& out) {
  for (const auto group : groups) {
    if (!how.group || *how.group == group) run_group(group, how, out);
  }
  out.remark(
      "handshake: thread CPU time of the doctor's side alone, from its first frame until its end "
      "is destroyed, for a patient who is enrolled and knows the doctor; without sockets and disk");
  out.remark(
      "handshake: the one token (Wardline) or ticket (TLS, 1 instead of 2) by which the patient "
      "comes back is counted on both sides");
  out.remark(
      "handshake: TLS is OpenSSL's, with mutual authentication and TLS_AES_256_GCM_SHA384; each "
      "end trusts the other's own certificate, so that no chain is verified");
  out.remark(
      "handshake: TLS 1.3 PSK resumption is psk_ke, without Diffie-Hellman, as Wardline resumes; "
      "TLS 1.3 resumption X25519 is psk_dhe_ke, the usual, which adds forward secrecy");
  out.remark(
      "handshake: much of a TLS resumption is OpenSSL's housekeeping (look-ups of algorithms, "
      "allocations, a ticket with the patient's certificate in it): another TLS may need less");
}

}  // namespace wardline::bench
