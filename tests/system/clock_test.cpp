// Sections 6 and 7: the timestamp window, and what a patient whose clock is off is told.
#include <csignal>

#include "tests/support/catch.hpp"
#include "tests/support/scripted_doctor.hpp"
#include "tests/support/thrown.hpp"
#include "tests/system/groups.hpp"
#include "tests/system/visits.hpp"

namespace wardline::test {
namespace {

using protocol::disconnect_reason;
using protocol::frame_type;

// At the first frame that shows it, before anything is computed.
void must_be_told_of_the_clock(doctor_program& doctor, scripted_patient& patient,
                               const scripted_patient::manner& how, frame_type after) {
  const auto failed = fail_to_sign_in(doctor, patient, how);
  CHECK(failed.last_sent == after);
  CHECK(failed.told == disconnect_reason::clock_skew);
  CHECK(failed.event.at("cause") == "clock_skew");
}

// Half a minute is left for a machine that is busy, so that the words are always the same.
constexpr milliseconds far_off{3'600'000 + 30 * 60'000 + 30'000};
constexpr auto far_off_in_words = "1h 30m";

// A patient's program whose clock is `ahead`.
event_program skewed(milliseconds ahead, const std::vector<std::string>& options) {
  std::vector<std::string> all{WARDLINE_PATIENT_SKEWED_BINARY, std::to_string(ahead.count())};
  all.insert(all.end(), options.begin(), options.end());
  return event_program(std::move(all));
}

}  // namespace

TEST_CASE("a clock that is off by more than the window is told as clock_skew") {
  const auto group = any_group();
  doctor_program doctor(group);
  scripted_patient alice("alice", group);
  enrol(doctor, alice);

  // "Behind" only grows while the request is on its way; "ahead" shrinks, hence the half minute.
  const milliseconds ahead = GENERATE(milliseconds(60'000), milliseconds(-31'000));
  CAPTURE(ahead.count());
  alice.time.ahead = ahead;
  must_be_told_of_the_clock(doctor, alice, to(doctor), frame_type::auth_request);

  alice.time.ahead = milliseconds(0);
  sign_in(doctor, alice, to(doctor));
}

TEST_CASE("a clock that is off by less than the window does not matter") {
  doctor_program doctor("ristretto255");
  scripted_patient alice("alice", "ristretto255");
  enrol(doctor, alice);
  alice.time.ahead = GENERATE(milliseconds(15'000), milliseconds(-15'000));
  sign_in(doctor, alice, to(doctor));
  sign_in(doctor, alice, resuming(to(doctor)));
}

TEST_CASE("a clock that is off when the verifier is made is told as clock_skew") {
  doctor_program doctor("ristretto255");
  scripted_patient alice("alice", "ristretto255");
  enrol(doctor, alice);
  auto how = to(doctor);
  how.meddle = only(frame_type::auth_request, [&](bytes&) { alice.time.ahead = seconds(60); });
  must_be_told_of_the_clock(doctor, alice, how, frame_type::verifier);
}

TEST_CASE("a resumption with a clock that is off is told as clock_skew and spends nothing") {
  doctor_program doctor("ristretto255");
  scripted_patient alice("alice", "ristretto255");
  enrol(doctor, alice);
  auto copy = alice.copy_ticket();
  alice.time.ahead = GENERATE(milliseconds(60'000), milliseconds(-31'000));
  must_be_told_of_the_clock(doctor, alice, resuming(to(doctor)), frame_type::resume_request);

  alice.ticket = std::move(copy);
  alice.time.ahead = milliseconds(0);
  sign_in(doctor, alice, resuming(to(doctor)));
}

TEST_CASE("a clock that is off does not count against the source address") {
  doctor_program doctor("ristretto255", {"--max-failures", "1"});
  scripted_patient alice("alice", "ristretto255");
  enrol(doctor, alice);
  alice.time.ahead = seconds(60);
  for (int i = 0; i < 3; ++i)
    must_be_told_of_the_clock(doctor, alice, to(doctor), frame_type::auth_request);
  alice.time.ahead = seconds(0);
  sign_in(doctor, alice, to(doctor));
  CHECK(doctor.events().seen("source_closed") == 0);
}

TEST_CASE("a patient whose clock is off says by how much, and ends if it never was let in") {
  doctor_program doctor("ristretto255");
  struct row {
    milliseconds ahead;
    std::string words;
  };
  const auto r = GENERATE(row{far_off, "ahead"}, row{-far_off, "behind"});
  const temporary_directory directory;
  auto alice = skewed(r.ahead, {"--id", "alice", "--doctor-id", "dr-lee", "--connect",
                                doctor.address(), "--doctor-fingerprint", doctor.fingerprint(),
                                "--data-dir", directory.path().string(), "--no-menu"});
  const std::string message = alice.await("error", where("error", "clock_skew")).at("message");
  INFO(message);
  CHECK(contains(message, far_off_in_words + (" " + r.words)));
  CHECK(alice.wait() == 1);
  CHECK(doctor.events().await("sign_in_failed").at("cause") == "clock_skew");
}

TEST_CASE("a patient whose clock has gone wrong since says by how much, and tries again") {
  doctor_program doctor("ristretto255");
  patient_program alice("alice");
  alice.sign_in(doctor);
  CHECK(alice.stop(SIGTERM) == 0);

  // Its first attempt is a resumption, which tells no time; the next asks for the doctor's.
  auto later = skewed(far_off, {"--id", "alice", "--doctor-id", "dr-lee", "--data-dir",
                                alice.data_directory(), "--no-menu"});
  const auto by_how_much = [](const json& e) {
    return contains(e.at("message").get<std::string>(), std::string(far_off_in_words) + " ahead");
  };
  later.await("error", by_how_much);
  CHECK(later.await("disconnected").contains("retry_in_ms"));
  later.program().signal(SIGTERM);
  CHECK(later.wait() == 0);
}

TEST_CASE("a patient does not accept an answer of a doctor whose clock is off") {
  scripted_doctor doctor;
  patient_program alice("alice");
  auto options = doctor.directions();
  options.insert(options.end(), {"--id", "alice"});
  alice.start_with(options);
  // The doctor takes whatever time it is told: the patient must look for itself.
  doctor.time.ahead = GENERATE(milliseconds(60'000 + 30'000), milliseconds(-31'000));
  CHECK_FALSE(doctor.accept().is_up());
  alice.events().await("error", where("error", "clock_skew"));
  CHECK(alice.events().wait() == 1);
  CHECK(alice.events().seen("authenticated") == 0);
}

}  // namespace wardline::test
