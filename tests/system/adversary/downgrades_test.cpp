// Clocks that are wrong, and groups, roles and versions that nobody agreed to: at the real gateway,
// and from a false one at the real patient.
#include <map>

#include "tests/support/catch.hpp"
#include "tests/support/counts.hpp"
#include "tests/system/adversary/primitives.hpp"
#include "tests/system/adversary/visitor.hpp"
#include "tests/system/adversary/ward.hpp"

namespace wardline::test::adversary {
namespace {

constexpr std::uint64_t outside_ms = 31'000;  // the window is 30 s
constexpr std::uint64_t inside_ms = 20'000;

}  // namespace

TEST_CASE("a wrong clock, group, role or doctor in a sign-in is refused, and told as it must be") {
  const auto group = GENERATE(as<std::string>{}, "ristretto255", "ffdhe2048");
  CAPTURE(group);
  doctor_program gateway(group, patient_limits());
  honest_patient alice(gateway);
  visitor mallory(group, "mallory");
  auto v = mallory.enrol_at(gateway);
  v.peer.close();
  gateway.events().await("patient_disconnected");
  std::map<std::string, std::uint64_t> refusals;
  const auto refuse = [&](visit& attempt, reason why, const std::string& cause) {
    must_be_refused(gateway, attempt, told(why), cause);
    ++refusals["sign_in_failed/" + cause];
  };
  const auto ask = [&](reason why, const std::string& cause,
                       const std::function<void(request_parts&)>& fault) {
    auto attempt = mallory.ask(gateway, fault).v;
    refuse(attempt, why, cause);
  };

  // Clocks: of the request, of the verifier, of a resumption.
  for (const auto ts : {now_ms() - outside_ms, now_ms() + outside_ms + 30'000, std::uint64_t{0},
                        ~std::uint64_t{0}}) {
    CAPTURE(ts);
    ask(reason::clock_skew, "clock_skew", [&](request_parts& r) { r.ts_p = ts; });
    auto late = mallory.be_answered(gateway);
    late.send_verifier(ts);
    refuse(late, reason::clock_skew, "clock_skew");
    auto again = mallory.connect(gateway);
    again.peer.send(resumption(*mallory.kept).request(ts, random_octets(32)));
    refuse(again, reason::clock_skew, "clock_skew");
  }
  for (const auto ts : {now_ms() - inside_ms, now_ms() + inside_ms}) {
    auto in_time = mallory.ask(gateway, [&](request_parts& r) { r.ts_p = ts; }).v;
    in_time.must_hear(auth_response);
  }

  // Another group, known or not; another doctor. Nobody negotiates.
  for (const auto id : octets{0, 1, 2, 3, 4, 5, 255}) {
    CAPTURE(id);
    if (id == mallory.keys.in.id) continue;
    ask(reason::refused, "wrong_doctor", [&](request_parts& r) { r.group_id = id; });
    const bool is_known = id >= 1 && id <= 4;
    ask(reason::refused, is_known ? "authentication_failed" : "invalid_encoding",
        [&](request_parts& r) {
          if (!is_known) {
            r.shown_identity[1] = id;
            return;
          }
          // Of the lengths that belong to that group, so that it decodes.
          const auto name = id == 1   ? "ffdhe2048"
                            : id == 2 ? "ffdhe3072"
                            : id == 3 ? "ffdhe4096"
                                      : "ristretto255";
          const own_identity other(a_patient, group_named(name), "mallory", octets(32, 7));
          r.shown_identity = other.shown_to_all.encoded();
          r.signature_size = other.in.element_size + other.in.scalar_size;
          r.signer = [other](const octets& m) { return other.sign("patient auth", m); };
        });
  }
  ask(reason::refused, "wrong_doctor", [](request_parts& r) { r.doctor_fp[7] ^= 1U; });

  // A doctor who signs in as a patient, a role that nobody has, an id that is none.
  ask(reason::refused, "authentication_failed",
      [](request_parts& r) { r.shown_identity[0] = a_doctor; });
  for (const auto role : octets{0, 3, 255}) {
    ask(reason::refused, "invalid_encoding", [&](request_parts& r) { r.shown_identity[0] = role; });
  }
  for (const auto letter : octets{0, ' ', '/', '\n', 0x80}) {
    ask(reason::refused, "invalid_encoding",
        [&](request_parts& r) { r.shown_identity[3] = letter; });
  }

  auto good = mallory.sign_in_at(gateway);
  good.peer.close();
  gateway.events().await("patient_disconnected");
  alice.must_be_unharmed();
  std::uint64_t cells = 0;
  const auto audit = audit_of(gateway);
  for (const auto& [what, times] : refusals) {
    CAPTURE(what);
    CHECK(audit.at(what) == times);
    cells += times;
  }
  count("adversary, clocks, groups and roles: " + std::to_string(cells) + " in " + group);
}

}  // namespace wardline::test::adversary
