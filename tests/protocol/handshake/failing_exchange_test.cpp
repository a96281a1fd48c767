// Every path of signing in, failed at every step: one frame of one end is replaced on its way.
#include <algorithm>
#include <set>

#include "tests/protocol/handshake/exchange.hpp"
#include "tests/protocol/handshake/frame_kinds.hpp"
#include "tests/protocol/handshake/frame_layout.hpp"
#include "tests/support/catch.hpp"

using namespace wardline;
using namespace wardline::protocol;
using namespace wardline::test;

namespace {

// An exchange in which one frame is replaced, and what holds however it then fails: nobody is in,
// and nothing has changed that section 11 does not name ("but for the nonce cache, the spent token
// ...").
exchange failed_exchange(clinic& c, const path& way, const tampering& t) {
  exchange x(c, way, t);
  const auto& honest = (t.from == side::patient ? x.from_patient : x.from_doctor).at(t.index);
  const auto type = kind_of(honest).type;
  // The doctor is done once the verifier has arrived, whatever then becomes of its first frame.
  CHECK(x.doctor_established.has_value() == (type == frame_type::session_token));
  CHECK_FALSE(x.patient_established);
  // "a wrong binder spends nothing"; "rn_p is remembered ... once sealed1 has opened".
  const bool has_resumed = way.name == "resumed" && type != frame_type::resume_request;
  CHECK(c.directory.tokens_spent == (has_resumed ? 1 : 0));
  if (type == frame_type::auth_request) {
    const auto offset = header_size + 1 + 8 + 8;
    const auto rn_p = handshake_nonce::from(byte_view(honest).subspan(offset, 32));
    CHECK_FALSE(c.nonces.contains(*rn_p, c.time.now()));
  }
  return x;
}

// The victim's cause of it.
std::optional<errc> fail_at(crypto::group_id group, const path& way, const tampering& t) {
  clinic c(group);
  const auto x = failed_exchange(c, way, t);
  return t.from == side::patient ? x.doctor_cause() : x.patient_cause();
}

// The honest frames of a path, from both ends.
struct honest_run {
  honest_run(crypto::group_id group, const path& way) : c(group), x(c, way) {}
  clinic c;
  exchange x;
};

// Calls f(way, end, frames of that end, index) for each frame of each path but DISCONNECTs.
template <class F>
void for_each_step(crypto::group_id group, F f) {
  for (const auto& way : all_paths()) {
    honest_run run(group, way);
    for (const auto end : {side::patient, side::doctor}) {
      const auto& frames = end == side::patient ? run.x.from_patient : run.x.from_doctor;
      for (std::size_t i = 0; i < frames.size(); ++i) {
        if (kind_of(frames[i]).type == frame_type::disconnect) continue;
        INFO(way.name << ", frame " << i << " of the "
                      << (end == side::patient ? "patient" : "doctor") << ", a "
                      << describe(kind_of(frames[i])));
        f(way, end, frames, i);
      }
    }
  }
}

// The types that the state which awaits frames[index] names. The first frame of a connection may be
// any of three; auth_response and waiting come in the same state.
std::set<frame_type> named_instead_of(const std::vector<bytes>& frames, std::size_t index) {
  const auto type = kind_of(frames[index]).type;
  const auto came_before = [&](frame_type t) {
    return std::any_of(frames.begin(), frames.begin() + static_cast<std::ptrdiff_t>(index),
                       [&](const bytes& frame) { return kind_of(frame).type == t; });
  };
  std::set<frame_type> named{type};
  if (type == frame_type::hello || type == frame_type::auth_request ||
      type == frame_type::resume_request) {
    named.insert({frame_type::auth_request, frame_type::resume_request});
    if (!came_before(frame_type::hello)) named.insert(frame_type::hello);
  }
  if (type == frame_type::auth_response || type == frame_type::waiting) {
    named.insert(frame_type::auth_response);
    if (!came_before(frame_type::waiting)) named.insert(frame_type::waiting);
  }
  return named;
}

}  // namespace

TEST_CASE("every path of signing in ends as it should when nobody fails it") {
  for (const auto group : {crypto::group_id::ristretto255, crypto::group_id::ffdhe3072}) {
    for (const auto& way : all_paths()) {
      INFO(way.name);
      const honest_run run(group, way);
      const auto& x = run.x;
      if (way.operator_says != errc::ok) {
        CHECK(x.waiting);
        CHECK(x.doctor_cause() == way.operator_says);
        CHECK(x.doctor_closed->notice.reason == disconnect_reason::not_admitted);
        CHECK(x.patient_cause() == errc::refused);
        CHECK(x.patient_closed->notice->reason == disconnect_reason::not_admitted);
        continue;
      }
      REQUIRE(x.doctor_established);
      REQUIRE(x.patient_established);
      CHECK(to_bytes(x.doctor_established->sk.view()) ==
            to_bytes(x.patient_established->sk.view()));
      CHECK(x.doctor_established->who == run.c.who.patient.public_part());
      CHECK(x.patient_established->doctor == run.c.who.doctor.public_part());
      CHECK(x.asked_person == (way.name == "first use"));
      CHECK(x.waiting.has_value() == (way.name == "admitted" || way.name == "in conflict"));
      if (x.stranger) CHECK(x.stranger->conflict == (way.name == "in conflict"));
      CHECK(run.c.directory.tokens_spent == (way.name == "resumed" ? 1 : 0));
    }
  }
}

TEST_CASE("a bit flipped in any byte of any frame of a handshake ends it") {
  const auto group = crypto::group_id::ristretto255;
  for_each_step(
      group, [&](const path& way, side end, const std::vector<bytes>& frames, std::size_t index) {
        const auto& honest = frames[index];
        const auto layout = layout_of(kind_of(honest).type, crypto::suite_of(group));
        for (std::size_t at = 0; at < honest.size(); ++at) {
          const auto bit = static_cast<byte>(1U << (at % 8));
          const auto cause = fail_at(group, way, {end, index, [=](bytes frame) {
                                                    frame[at] ^= bit;
                                                    return frame;
                                                  }});
          INFO("byte " << at);
          REQUIRE(cause);
          INFO(name(*cause) << ", not any of: " << text_of(ends_with(layout, at)));
          CHECK(ends_with(layout, at).count(*cause) == 1);
        }
      });
}

TEST_CASE("a frame of a handshake cut short, or made longer, ends it") {
  const auto group = crypto::group_id::ristretto255;
  for_each_step(
      group, [&](const path& way, side end, const std::vector<bytes>& frames, std::size_t index) {
        const auto& honest = frames[index];
        const auto kind = kind_of(honest);
        const auto body = body_of(honest);
        const bool is_sealed_whole =
            kind.type == frame_type::waiting || kind.type == frame_type::session_token;
        const auto expected = is_sealed_whole ? errc::invalid_tag : errc::invalid_encoding;
        for (std::size_t size = 0; size <= body.size() + 1; ++size) {
          if (size == body.size()) continue;
          auto other = body;
          other.resize(size);
          const auto cause = fail_at(
              group, way, {end, index, [&](const bytes&) { return make_frame(kind, other); }});
          INFO(size << " bytes of " << body.size());
          CHECK(cause == expected);
        }
        // Not a frame at all: the length does not fit.
        const auto cause = fail_at(group, way, {end, index, [](bytes frame) {
                                                  frame.pop_back();
                                                  return frame;
                                                }});
        CHECK(cause == errc::protocol_error);
      });
}

TEST_CASE("another frame in the place of any frame of a handshake ends it") {
  const auto group = crypto::group_id::ristretto255;
  // Real ones where there are any: frames of other exchanges, reflected ones among them.
  std::vector<bytes> others;
  for (const auto& way : all_paths()) {
    const honest_run run(group, way);
    for (const auto* frames : {&run.x.from_patient, &run.x.from_doctor}) {
      for (const auto& frame : *frames) {
        const auto is_same = [&](const bytes& o) { return kind_of(o) == kind_of(frame); };
        if (std::none_of(others.begin(), others.end(), is_same)) others.push_back(frame);
      }
    }
  }
  for (const auto& kind : all_frame_kinds()) {
    const auto is_same = [&](const bytes& o) { return kind_of(o) == kind; };
    if (std::none_of(others.begin(), others.end(), is_same)) {
      others.push_back(make_frame(kind, bytes(64, 0)));
    }
  }
  REQUIRE(others.size() == all_frame_kinds().size());

  for_each_step(
      group, [&](const path& way, side end, const std::vector<bytes>& frames, std::size_t index) {
        const auto named = named_instead_of(frames, index);
        for (const auto& other : others) {
          const auto kind = kind_of(other);
          if (kind.type == frame_type::disconnect || named.count(kind.type) != 0) continue;
          INFO("replaced by a " << describe(kind));
          const auto cause = fail_at(group, way, {end, index, [&](const bytes&) { return other; }});
          CHECK(cause == errc::protocol_error);
        }
      });
}

TEST_CASE("a disconnect in the place of any frame of a handshake ends it as the hint says") {
  const auto group = crypto::group_id::ristretto255;
  using reason = disconnect_reason;
  const std::vector<std::pair<reason, errc>> to_patient{
      {reason::goodbye, errc::connection_lost},
      {reason::session_over, errc::connection_lost},
      {reason::busy, errc::busy},
      {reason::refused, errc::refused},
      {reason::clock_skew, errc::clock_skew},
      {reason::token_refused, errc::token_refused},
      {reason::protocol_error, errc::protocol_error},
      {reason::replaced, errc::connection_lost},
      {reason::shutting_down, errc::unavailable},
      {reason::not_admitted, errc::refused},
      {reason::idle, errc::timed_out},
      {static_cast<reason>(999), errc::connection_lost},
  };
  for_each_step(group,
                [&](const path& way, side end, const std::vector<bytes>&, std::size_t index) {
                  for (const auto& [told, cause] : to_patient) {
                    const disconnect notice{told, 7, "text"};
                    const tampering t{end, index, [&, n = notice](const bytes&) {
                                        return encode_frame(frame_type::disconnect, encode(n));
                                      }};
                    clinic c(group);
                    const auto x = failed_exchange(c, way, t);
                    if (end == side::patient) {
                      CHECK(x.doctor_cause() == errc::connection_lost);
                    } else {
                      CHECK(x.patient_cause() == cause);
                      REQUIRE(x.patient_closed);
                      REQUIRE(x.patient_closed->notice);
                      CHECK(x.patient_closed->notice->reason == told);
                      CHECK(x.patient_closed->notice->retry_after_s == 7);
                      CHECK(x.patient_closed->notice->text == "text");
                    }
                  }
                  const frame_kind sealed{frame_type::disconnect, true};
                  CHECK(fail_at(group, way, {end, index, [&](const bytes&) {
                                               return make_frame(sealed, bytes(40, 0));
                                             }}) == errc::protocol_error);
                  const frame_kind open{frame_type::disconnect, false};
                  CHECK(fail_at(group, way, {end, index, [&](const bytes&) {
                                               return make_frame(open, bytes(3, 0));
                                             }}) == errc::invalid_encoding);
                });
}

TEST_CASE("a handshake in a group of integers ends in the same way, byte for byte sampled") {
  const auto group = crypto::group_id::ffdhe3072;
  for (const auto* const chosen : {"after hello", "admitted", "resumed"}) {
    const auto& way = path_named(chosen);
    const honest_run run(group, way);
    for (const auto end : {side::patient, side::doctor}) {
      const auto& frames = end == side::patient ? run.x.from_patient : run.x.from_doctor;
      for (std::size_t i = 0; i < frames.size(); ++i) {
        const auto layout = layout_of(kind_of(frames[i]).type, crypto::suite_of(group));
        const auto step = std::max<std::size_t>(1, frames[i].size() / 9);
        for (std::size_t at = i; at < frames[i].size(); at += step) {
          INFO(chosen << ", " << describe(kind_of(frames[i])) << ", byte " << at);
          const auto cause = fail_at(group, way, {end, i, [&](bytes frame) {
                                                    frame[at] ^= 1;
                                                    return frame;
                                                  }});
          REQUIRE(cause);
          CHECK(ends_with(layout, at).count(*cause) == 1);
        }
      }
    }
  }
}
