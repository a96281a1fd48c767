#include "tests/system/adversary/expectations.hpp"

#include <algorithm>

namespace wardline::test::adversary {
namespace {

using then = outcome::kind;

// The table of section 5.
struct definition {
  frame_kind kind;
  std::vector<std::uint8_t> flags;
};
const std::vector<definition>& definitions() {
  static const std::vector<definition> all{{hello, {clear}},
                                           {identity_frame, {clear}},
                                           {auth_request, {clear}},
                                           {auth_response, {clear}},
                                           {verifier, {clear}},
                                           {resume_request, {clear}},
                                           {resume_response, {clear}},
                                           {waiting, {clear}},
                                           {check, {is_protected}},
                                           {session_token, {is_protected}},
                                           {group_key, {is_protected}},
                                           {direct, {is_protected}},
                                           {broadcast, {clear}},
                                           {receipt, {is_protected}},
                                           {disconnect, {clear, is_protected}}};
  return all;
}

bool is_defined(const sent_frame& f) {
  const auto& all = definitions();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const definition& d) { return d.kind == f.kind; });
  return f.version == 1 && found != all.end() &&
         std::find(found->flags.begin(), found->flags.end(), f.flags) != found->flags.end();
}

// Section 12, protocol_error: "unknown version, opcode, kind or flags; a frame length out of
// bounds". What is no frame is not answered with one.
outcome no_frame(place where) {
  return {
      then::ends, {}, without_a_word, "protocol_error", is_session(where) ? "protocol_error" : ""};
}

outcome refused_in_handshake(const std::string& cause, reason why) {
  return {then::ends, {}, told(why), cause, {}};
}

outcome refused_in_session(const std::string& cause) {
  return {then::ends, {}, told_in_session(reason::protocol_error), cause, cause};
}

bool has_wrong_length(body b) { return b == body::truncated || b == body::over_long; }

// Section 11: "Doctor, per connection: expect_request -> (expect_operator) -> expect_verifier".
bool is_awaited(place where, frame_kind kind) {
  switch (where) {
    case place::connected:
      return kind == hello || kind == auth_request || kind == resume_request;
    case place::greeted:  // section 6: "a second hello is a protocol error"
      return kind == auth_request || kind == resume_request;
    case place::answered:
    case place::answered_again:
      return kind == verifier;
    default:
      return false;
  }
}

outcome of_awaited(frame_kind kind, body how) {
  if (kind == hello) {
    if (how == body::exact) return {then::answered, identity_frame, {}, {}, {}};
    return refused_in_handshake("invalid_encoding", reason::protocol_error);
  }
  if (has_wrong_length(how)) {
    return refused_in_handshake("invalid_encoding", reason::protocol_error);
  }
  if (kind == auth_request) {
    if (how == body::exact) return {then::answered, auth_response, {}, {}, {}};
    // Section 6.2; and 6.1, for what the gateway said does not begin with its group and
    // fingerprint. Section 9: "wrong_doctor [is] told as refused".
    return refused_in_handshake(how == body::flipped ? "authentication_failed" : "wrong_doctor",
                                reason::refused);
  }
  if (how == body::reflected) {
    return refused_in_handshake("invalid_encoding", reason::protocol_error);
  }
  if (kind == resume_request) {
    if (how == body::exact) return {then::answered, resume_response, {}, {}, {}};
    return refused_in_handshake("token_refused", reason::token_refused);
  }
  if (how == body::exact) return {then::answered, session_token, {}, {}, {}};
  return refused_in_handshake("wrong_verifier", reason::refused);
}

outcome in_handshake(const cell& c) {
  // Section 9: "An unprotected DISCONNECT is only a hint": here, that the peer goes.
  if (c.what.kind == disconnect && c.what.flags == clear) {
    if (c.how == body::exact) return {then::leaves, {}, {}, {}, {}};
    return refused_in_handshake("invalid_encoding", reason::protocol_error);
  }
  if (is_awaited(c.where, c.what.kind)) return of_awaited(c.what.kind, c.how);
  return refused_in_handshake("protocol_error", reason::protocol_error);
}

outcome in_session(const cell& c) {
  if (c.what.kind == disconnect && c.what.flags == clear) {
    return {then::stays, {}, {}, {}, {}};  // section 9: "ignores it once a session stands"
  }
  if (c.what.flags == clear) return refused_in_session("protocol_error");
  const bool is_the_doctors = c.what.kind == session_token || c.what.kind == group_key;
  switch (c.how) {
    case body::inner_truncated:
    case body::inner_over_long:
      return refused_in_session(is_the_doctors ? "protocol_error" : "invalid_encoding");
    case body::exact:
      if (is_the_doctors) return refused_in_session("protocol_error");
      if (c.what.kind == disconnect) return {then::leaves, {}, {}, {}, "goodbye"};
      if (c.what.kind == receipt) return {then::stays, {}, {}, "wrong_proof", {}};
      return {then::stays, {}, {}, {}, {}};
    default:
      // Section 8: "A tag that fails ends the connection."
      return {then::ends, {}, without_a_word, "invalid_tag", "invalid_tag"};
  }
}

}  // namespace

std::string name(place p) {
  static const std::array names{"connected",    "greeted", "answered",       "answered again",
                                "waiting room", "session", "resumed session"};
  return names[static_cast<std::size_t>(p)];
}

std::string name(body b) {
  static const std::array names{"exact",     "truncated",       "over-long",      "bit-flipped",
                                "reflected", "inner truncated", "inner over-long"};
  return names[static_cast<std::size_t>(b)];
}

std::string describe(const cell& c) {
  return name(c.where) + ": " + std::to_string(c.what.kind.opcode) + "/" +
         std::to_string(c.what.kind.kind) + " flags " + std::to_string(c.what.flags) + " version " +
         std::to_string(c.what.version) + ", " + name(c.how);
}

std::vector<cell> all_cells(place where) {
  std::vector<cell> out;
  for (const auto& d : definitions()) {
    for (const auto flags : d.flags) {
      for (const auto how : {body::exact, body::truncated, body::over_long, body::flipped,
                             body::reflected, body::inner_truncated, body::inner_over_long}) {
        const bool is_inner = how == body::inner_truncated || how == body::inner_over_long;
        if (is_inner && (flags != is_protected || !is_session(where))) continue;
        if (how == body::flipped && d.kind == hello) continue;  // it has no bits
        out.push_back({where, {d.kind, flags}, how});
      }
    }
    for (const auto flags : octets{0x00, 0x01, 0x02, 0x81}) {
      const sent_frame f{d.kind, flags};
      if (!is_defined(f)) out.push_back({where, f, body::exact});
    }
    for (const auto version : octets{0, 2}) {
      out.push_back({where, {d.kind, d.flags.front(), version}, body::exact});
    }
  }
  for (const auto kind : {frame_kind{0, 0}, frame_kind{9, 0}, frame_kind{10, 9}, frame_kind{11, 0},
                          frame_kind{20, 1}, frame_kind{30, 1}, frame_kind{40, 2},
                          frame_kind{50, 1}, frame_kind{60, 1}, frame_kind{255, 255}}) {
    for (const auto flags : octets{0x00, 0x01}) {
      out.push_back({where, {kind, flags}, body::exact});
    }
  }
  return out;
}

outcome expected(const cell& c) {
  const bool has_no_header = c.what.kind == hello && c.how == body::truncated;
  if (!is_defined(c.what) || has_no_header) return no_frame(c.where);
  return is_session(c.where) ? in_session(c) : in_handshake(c);
}

}  // namespace wardline::test::adversary
