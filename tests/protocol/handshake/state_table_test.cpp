// Section 11 as a table: state x frame, every cell. "A frame that the state does not name is a
// protocol error".
#include <functional>
#include <map>
#include <set>

#include "tests/protocol/handshake/exchange.hpp"
#include "tests/protocol/handshake/frame_kinds.hpp"
#include "tests/support/catch.hpp"

using namespace wardline;
using namespace wardline::protocol;
using namespace wardline::test;

namespace {

using t = frame_type;

// An honest frame of each type where a handshake has one, else 64 bytes under the right header.
bytes sample_of(const frame_kind& kind) {
  static const auto samples = [] {
    std::map<frame_type, bytes> found;
    for (const auto* const way : {"after hello", "admitted", "resumed"}) {
      clinic c;
      const exchange x(c, path_named(way));
      for (const auto* frames : {&x.from_patient, &x.from_doctor}) {
        for (const auto& frame : *frames) found.emplace(kind_of(frame).type, frame);
      }
    }
    return found;
  }();
  if (kind == frame_kind{t::disconnect, false}) {
    return encode_frame(t::disconnect, encode(disconnect{disconnect_reason::goodbye, 0, {}}));
  }
  const auto found = samples.find(kind.type);
  return found == samples.end() ? make_frame(kind, bytes(64, 0)) : found->second;
}

// The computations of a doctor whose owner has not run them yet.
struct held_doctor {
  clinic c;
  std::unique_ptr<doctor_handshake> machine;
  std::unique_ptr<computation> held;

  void feed(const bytes& whole) { take(machine->on_frame(as_frame(whole))); }
  void compute() {
    held->run();
    take(machine->computed(std::move(held)));
  }
  void take(doctor_step step) {
    REQUIRE_FALSE(step.close);
    held = std::move(step.compute);
    if (!step.send.empty()) sent = step.send.back();
  }
  bytes sent;
};

bytes request_to(clinic& c) { return c.new_patient(c.known()).start().send.at(0); }

struct doctor_state {
  std::string name;
  std::string shown;  // state_name()
  std::set<frame_type> names;
  std::function<void(held_doctor&)> reach;
};

const std::vector<doctor_state>& doctor_states() {
  static const std::vector<doctor_state> states{
      {"expect_request",
       "expect_request",
       {t::hello, t::auth_request, t::resume_request},
       [](held_doctor&) {}},
      {"expect_announcement",
       "computing",
       {},
       [](held_doctor& d) {
         d.feed(sample_of({t::hello, false}));
       }},
      {"expect_request_after_hello",
       "expect_request",
       {t::auth_request, t::resume_request},
       [](held_doctor& d) {
         d.feed(sample_of({t::hello, false}));
         d.compute();
       }},
      {"expect_opened_request", "computing", {}, [](held_doctor& d) { d.feed(request_to(d.c)); }},
      {"expect_operator",
       "expect_operator",
       {},
       [](held_doctor& d) {
         d.c.directory.enrolled.clear();
         d.feed(request_to(d.c));
         d.compute();
       }},
      {"expect_response_made",
       "computing",
       {},
       [](held_doctor& d) {
         d.feed(request_to(d.c));
         d.compute();
       }},
      {"expect_verifier",
       "expect_verifier",
       {t::verifier},
       [](held_doctor& d) {
         d.feed(request_to(d.c));
         d.compute();
         d.compute();
       }},
      {"expect_verifier after a resumption",
       "expect_verifier",
       {t::verifier},
       [](held_doctor& d) { d.feed(d.c.new_patient(d.c.with_ticket()).start().send.at(0)); }},
      {"finished",
       "finished",
       {},
       [](held_doctor& d) {
         auto patient = d.c.new_patient(d.c.with_ticket());
         d.feed(patient.start().send.at(0));
         auto step = d.machine->on_frame(as_frame(patient.on_frame(as_frame(d.sent)).send.at(0)));
         REQUIRE(step.established);
       }},
  };
  return states;
}

struct patient_state {
  std::string name;
  std::set<frame_type> names;
  std::function<patient_handshake(clinic&)> reach;
};

const std::vector<patient_state>& patient_states() {
  static const std::vector<patient_state> states{
      {"expect_start", {}, [](clinic& c) { return c.new_patient(c.known()); }},
      {"expect_identity",
       {t::identity},
       [](clinic& c) {
         auto patient = c.new_patient(c.known_by_fingerprint());
         patient.start();
         return patient;
       }},
      {"expect_person",
       {},
       [](clinic& c) {
         auto patient = c.new_patient({});
         patient.start();
         REQUIRE(patient.on_frame(as_frame(sample_of({t::identity, false}))).ask_person);
         return patient;
       }},
      {"expect_response",
       {t::auth_response, t::waiting},
       [](clinic& c) {
         auto patient = c.new_patient(c.known());
         patient.start();
         return patient;
       }},
      {"waiting",
       {t::auth_response},
       [](clinic& c) {
         auto patient = c.new_patient(c.known());
         auto doctor = c.new_doctor();
         c.directory.enrolled.clear();
         const auto asked =
             compute_through(doctor, doctor.on_frame(as_frame(patient.start().send.at(0))));
         REQUIRE(patient.on_frame(as_frame(asked.send.at(0))).waiting);
         return patient;
       }},
      {"expect_resume_response",
       {t::resume_response},
       [](clinic& c) {
         auto patient = c.new_patient(c.with_ticket());
         patient.start();
         return patient;
       }},
      {"expect_token",
       {t::session_token},
       [](clinic& c) {
         auto patient = c.new_patient(c.with_ticket());
         auto doctor = c.new_doctor();
         const auto answered = doctor.on_frame(as_frame(patient.start().send.at(0)));
         REQUIRE_FALSE(patient.on_frame(as_frame(answered.send.at(0))).close);
         return patient;
       }},
      {"finished",
       {},
       [](clinic& c) {
         auto patient = c.new_patient(c.known());
         patient.start();
         REQUIRE(patient.on_frame(as_frame(sample_of({t::hello, false}))).close);
         return patient;
       }},
  };
  return states;
}

// What a cell must hold for a frame that the state does not name.
std::optional<errc> expected_of_unnamed(const frame_kind& kind, bool is_finished) {
  if (kind == frame_kind{t::disconnect, false} && !is_finished) return errc::connection_lost;
  return errc::protocol_error;
}

}  // namespace

TEST_CASE("the doctor's table of states and frames has no other cells than section 11 names") {
  std::size_t cells = 0;
  for (const auto& state : doctor_states()) {
    for (const auto& kind : all_frame_kinds()) {
      INFO(state.name << " x " << describe(kind));
      held_doctor d;
      d.machine = std::make_unique<doctor_handshake>(d.c.new_doctor());
      state.reach(d);
      REQUIRE(d.machine->state_name() == state.shown);
      const auto spent = d.c.directory.tokens_spent;
      const auto step = d.machine->on_frame(as_frame(sample_of(kind)));
      CHECK_FALSE(step.established);
      if (state.names.count(kind.type) != 0) {
        // It is looked at: whatever is wrong with it, it is not that it came.
        CHECK((!step.close || step.close->cause != errc::protocol_error));
      } else {
        REQUIRE(step.close);
        CHECK(step.close->cause == expected_of_unnamed(kind, state.name == "finished"));
        CHECK(step.send.empty());
        CHECK_FALSE(step.compute);
        CHECK(d.machine->state_name() == "finished");
        CHECK(d.c.directory.tokens_spent == spent);
      }
      ++cells;
    }
  }
  CHECK(cells == 9 * 16);
}

TEST_CASE("the patient's table of states and frames has no other cells than section 11 names") {
  std::size_t cells = 0;
  for (const auto& state : patient_states()) {
    for (const auto& kind : all_frame_kinds()) {
      INFO(state.name << " x " << describe(kind));
      clinic c;
      auto patient = state.reach(c);
      REQUIRE(patient.state_name() == state.name);
      const auto step = patient.on_frame(as_frame(sample_of(kind)));
      CHECK_FALSE(step.established);
      if (state.names.count(kind.type) != 0) {
        CHECK((!step.close || step.close->cause != errc::protocol_error));
      } else {
        REQUIRE(step.close);
        CHECK(step.close->cause == expected_of_unnamed(kind, state.name == "finished"));
        CHECK(patient.state_name() == "finished");
        CHECK_FALSE(step.doctor_pinned);
        // Section 11: "DISCONNECT, closed"; but a DISCONNECT is not answered by another.
        const bool was_told = step.close->notice.has_value();
        REQUIRE(step.send.size() == (was_told ? 0 : 1));
        if (!was_told) CHECK(kind_of(step.send[0]) == frame_kind{t::disconnect, false});
      }
      ++cells;
    }
  }
  CHECK(cells == 8 * 16);
}

TEST_CASE("a word of the owner that the doctor's state does not await closes it") {
  for (const auto& state : doctor_states()) {
    INFO(state.name);
    const bool awaits_operator = state.name == "expect_operator";
    const std::vector<std::pair<bool, std::function<doctor_step(held_doctor&)>>> words{
        {awaits_operator, [](held_doctor& d) { return d.machine->admit(); }},
        {awaits_operator, [](held_doctor& d) { return d.machine->refuse(errc::refused); }},
        {false, [](held_doctor& d) { return d.machine->computed(nullptr); }},
    };
    for (const auto& [is_awaited, say] : words) {
      held_doctor d;
      d.machine = std::make_unique<doctor_handshake>(d.c.new_doctor());
      state.reach(d);
      const auto step = say(d);
      CHECK_FALSE(step.established);
      if (!is_awaited) {
        REQUIRE(step.close);
        CHECK(step.close->cause == errc::protocol_error);
        CHECK(d.machine->state_name() == "finished");
      }
    }
  }
}

TEST_CASE("a word of the owner that the patient's state does not await closes it") {
  for (const auto& state : patient_states()) {
    INFO(state.name);
    clinic c;
    if (state.name != "expect_start") {
      auto patient = state.reach(c);
      const auto step = patient.start();
      REQUIRE(step.close);
      CHECK(step.close->cause == errc::protocol_error);
    }
    if (state.name != "expect_person") {
      auto patient = state.reach(c);
      const auto step = patient.accept_doctor();
      REQUIRE(step.close);
      CHECK(step.close->cause == errc::protocol_error);
      CHECK_FALSE(step.doctor_pinned);
    }
  }
}
