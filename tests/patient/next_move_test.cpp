#include "patient/next_move.hpp"

#include "tests/patient/people.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/thrown.hpp"

using namespace wardline;
using namespace wardline::test;
using patient::judge_end;
using patient::next_move;
using patient::sign_in_history;
using patient::visit_end;
using protocol::disconnect_reason;
using kind = patient::next_move::kind;
using stage = patient::visit_end::stage;

namespace {

constexpr sign_in_history never{false, false};
constexpr sign_in_history before{true, false};
constexpr sign_in_history lately{true, true};

visit_end told(stage where, disconnect_reason reason, std::uint32_t retry_after_s = 0) {
  return {where, errc::refused, {}, protocol::disconnect{reason, retry_after_s, {}}, {}, {}};
}

visit_end found(stage where, errc cause) { return {where, cause, {}, {}, {}, {}}; }

}  // namespace

TEST_CASE("what the doctor says in a session is done, as section 9 has it") {
  struct row {
    disconnect_reason reason;
    kind what;
    int status;
    bool says_why;
  };
  const row rows[] = {
      {disconnect_reason::goodbye, kind::stop, 0, false},
      {disconnect_reason::session_over, kind::stop, 0, false},
      {disconnect_reason::busy, kind::again, 0, false},
      {disconnect_reason::refused, kind::stop, 1, true},
      {disconnect_reason::clock_skew, kind::again, 0, true},
      {disconnect_reason::token_refused, kind::again_at_once, 0, false},
      {disconnect_reason::protocol_error, kind::stop, 1, true},
      {disconnect_reason::replaced, kind::stop, 1, true},
      {disconnect_reason::shutting_down, kind::again, 0, false},
      {disconnect_reason::not_admitted, kind::stop, 1, true},
      {disconnect_reason::idle, kind::again, 0, false},
      {disconnect_reason{77}, kind::stop, 0, false},  // "treated as goodbye"
  };
  for (const auto& r : rows) {
    const auto move = judge_end(told(stage::in_session, r.reason), lately);
    INFO("reason " << static_cast<int>(r.reason));
    CHECK(move.what == r.what);
    CHECK(move.status == r.status);
    CHECK(move.tell.has_value() == r.says_why);
    CHECK(move.cap == patient::backoff::usual_cap);
  }
  CHECK(judge_end(told(stage::in_session, disconnect_reason::busy, 90), lately).at_least ==
        seconds(90));
  CHECK(patient::reason_of(told(stage::in_session, disconnect_reason{77})) == "77");
}

TEST_CASE("a hint before a session ends only one who has never signed in") {
  for (std::uint16_t reason = 1; reason <= 12; ++reason) {
    const auto hint = told(stage::signing_in, disconnect_reason{reason}, 100'000);
    INFO("reason " << reason);
    const auto first = judge_end(hint, never);
    CHECK(first.what == kind::stop);
    CHECK(first.status == 1);
    CHECK(first.tell.has_value());
    for (const auto& history : {before, lately}) {
      const auto move = judge_end(hint, history);
      CHECK(move.what == kind::again);
      CHECK(move.cap == patient::backoff::hint_cap);
      CHECK(move.at_least == milliseconds(0));  // "whatever ... retry_after_s say"
      CHECK(move.tell.has_value());
      CHECK(move.look_at_doctor);
    }
  }
}

TEST_CASE("a refused token leads to a full sign-in at once, and only once") {
  auto end = told(stage::signing_in, disconnect_reason::token_refused);
  end.used_ticket = true;
  CHECK(judge_end(end, before).what == kind::again_at_once);
  CHECK(judge_end(end, never).what == kind::again_at_once);
  end.used_ticket = false;  // then somebody makes it up
  CHECK(judge_end(end, before).what == kind::again);
}

TEST_CASE("a gateway that is not there is tried again, also by a newcomer") {
  for (const auto where : {stage::connecting, stage::signing_in, stage::in_session}) {
    for (const auto cause : {errc::connection_lost, errc::timed_out, errc::unavailable}) {
      const auto move = judge_end(found(where, cause), never);
      CHECK(move.what == kind::again);
      CHECK(move.cap == patient::backoff::usual_cap);
      CHECK_FALSE(move.tell.has_value());
    }
  }
}

TEST_CASE("a clock that is off is told by how much, and which way") {
  auto end = found(stage::signing_in, errc::clock_skew);
  end.doctor_ahead_ms = 125'000;
  auto move = judge_end(end, never);
  CHECK(move.what == kind::stop);
  CHECK(contains(move.tell->message, "this one is 2m 5s behind"));
  end.doctor_ahead_ms = -3'600'000;
  move = judge_end(end, before);
  CHECK(move.what == kind::again);
  CHECK(contains(move.tell->message, "this one is 1h ahead"));

  auto hint = told(stage::signing_in, disconnect_reason::clock_skew);
  hint.doctor_ahead_ms = INT64_MIN + 1;
  CHECK(judge_end(hint, never).tell->error == errc::clock_skew);
}

TEST_CASE("a wrong doctor ends the program, unless it was signed in already") {
  const auto end = found(stage::signing_in, errc::wrong_doctor);
  for (const auto& history : {never, before}) {
    CHECK(judge_end(end, history).what == kind::stop);
    CHECK(judge_end(end, history).status == 1);
  }
  const auto move = judge_end(end, lately);
  CHECK(move.what == kind::again);
  CHECK(move.tell->error == errc::wrong_doctor);
}

TEST_CASE("a sign-in that fails on our side is believed to be the doctor's only by a newcomer") {
  for (const auto cause : {errc::authentication_failed, errc::invalid_tag, errc::protocol_error}) {
    CHECK(judge_end(found(stage::signing_in, cause), never).what == kind::stop);
    CHECK(judge_end(found(stage::signing_in, cause), before).what == kind::again);
  }
}
