// Every opcode, kind and flag in every state of the gateway, with an honest and with broken bodies.
#include <map>
#include <set>

#include "tests/support/catch.hpp"
#include "tests/support/counts.hpp"
#include "tests/system/adversary/expectations.hpp"
#include "tests/system/adversary/primitives.hpp"
#include "tests/system/adversary/ward.hpp"

namespace wardline::test::adversary {
namespace {

std::pair<std::uint8_t, std::uint8_t> key_of(frame_kind k) { return {k.opcode, k.kind}; }

class siege {
 public:
  explicit siege(const std::string& group)
      : gateway(group, patient_limits()),
        honest(gateway),
        mallory(group, "mallory"),
        stranger(group, "stranger") {
    collect_specimens();
  }

  void play(const cell& c) {
    INFO(describe(c));
    const auto must = expected(c);
    if (!stage_ || !is_session(c.where)) stage_.emplace(enter(c.where));
    visit& v = *stage_;
    v.peer.send(make(c, v));
    switch (must.then) {
      case outcome::kind::answered:
        v.must_hear(must.answer);
        leave(c.where, must.answer == session_token);
        break;
      case outcome::kind::stays:
        v.must_be_alive();
        if (c.what.kind == direct) gateway.events().await("message", where("from", "mallory"));
        note_refusal(c, must);
        break;
      case outcome::kind::ends:
      case outcome::kind::leaves: {
        const auto end = read_to_end(v);
        CHECK(describe(end) == describe(must.end));
        note_refusal(c, must);
        note_end(c.where, must);
        stage_.reset();
        break;
      }
    }
    ++cells;
  }

  doctor_program gateway;
  honest_patient honest;
  visitor mallory;
  visitor stranger;
  std::map<std::string, std::uint64_t> refusals;  ///< as the audit must have them
  unsigned cells = 0;

 private:
  // One honest life: every frame of it is the exact body for where no other is awaited.
  void collect_specimens() {
    auto v = mallory.enrol_at(gateway);
    gateway.command({"broadcast", "A specimen."});
    keep(v.must_hear_broadcast());
    honest.program().events().await("message");
    for (const auto& frame : v.heard) keep(frame);
    plaintexts_[key_of(check)] = check_body(false, 7);
    plaintexts_[key_of(direct)] = text("A specimen.").encoded();
    plaintexts_[key_of(receipt)] =
        receipt_for(v.sk, octets(16), text("Never sent.").encoded(), now_ms());
    plaintexts_[key_of(disconnect)] = disconnect_body(reason::goodbye);
    plaintexts_[key_of(session_token)] = opaque16(octets(32)) + octets(16 + 8 + 4 + 2);
    plaintexts_[key_of(group_key)] = u32(1) + u32(0) + u64(0) + octets(32);
    for (const auto& [kind, plaintext] : plaintexts_) {
      keep({v.p2d->seal({kind.first, kind.second}, plaintext)});
    }
    keep({make_verifier(v.sk, v.th4, now_ms())});
    end_session(v);

    auto again = mallory.resume_at(gateway);
    for (const auto& frame : again.heard) keep(frame);
    resumption unsent(*mallory.kept);
    keep({unsent.request(now_ms(), random_octets(32))});
    end_session(again);

    auto greeting = mallory.connect(gateway);
    greeting.peer.send(make_frame(hello, clear, {}));
    keep(greeting.must_hear(identity_frame));
    keep({make_frame(hello, clear, {})});
    stage_.emplace(enter(place::waiting_room));
    keep(stage_->heard.back());
    leave(place::waiting_room, false);
    sign_in never(mallory.keys, *mallory.doctor, fresh_request_values(mallory.keys.in));
    keep({never.request()});
  }

  void keep(const arrived& frame) { specimens_[key_of(frame.kind())] = frame.body(); }

  visit enter(place where) {
    switch (where) {
      case place::connected:
        return mallory.connect(gateway);
      case place::greeted: {
        auto v = mallory.connect(gateway);
        v.peer.send(make_frame(hello, clear, {}));
        v.must_hear(identity_frame);
        return v;
      }
      case place::answered:
        return mallory.be_answered(gateway);
      case place::answered_again:
        have_ticket();
        return mallory.be_answered_again(gateway);
      case place::waiting_room: {
        auto v = stranger.wait_outside(gateway);
        gateway.events().await("waiting");
        return v;
      }
      case place::session:
        return mallory.sign_in_at(gateway);
      case place::resumed_session:
        have_ticket();
        return mallory.resume_at(gateway);
    }
    throw std::logic_error("no such place");
  }

  void have_ticket() {
    if (mallory.kept) return;
    auto v = mallory.sign_in_at(gateway);
    end_session(v);
  }

  void end_session(visit& v) {
    v.peer.close();
    const auto over = gateway.events().await("patient_disconnected", test::where("id", "mallory"));
    CHECK(over.at("reason") == "connection_lost");
  }

  // Closes what still stands.
  void leave(place where, bool has_session) {
    if (has_session) {
      gateway.events().await("patient_authenticated", test::where("id", "mallory"));
      end_session(*stage_);
    }
    stage_.reset();
    if (where == place::waiting_room) gateway.events().await("waiting_ended");
  }

  octets exact_body(const cell& c, visit& v, octets plaintext) {
    const bool awaits_request = c.where == place::connected || c.where == place::greeted;
    if (c.what.kind == auth_request && awaits_request) {
      sign_in fresh(mallory.keys, *mallory.doctor, fresh_request_values(mallory.keys.in));
      return arrived{fresh.request()}.body();
    }
    if (c.what.kind == resume_request && awaits_request) {
      have_ticket();
      resumption fresh(*mallory.kept);
      if (c.how == body::exact) mallory.kept.reset();
      return arrived{fresh.request(now_ms(), random_octets(32))}.body();
    }
    if (c.what.kind == verifier && !v.sk.empty() && !is_session(c.where)) {
      v.p2d.emplace(v.sk, "p2d");
      v.d2p.emplace(v.sk, "d2p");
      return arrived{make_verifier(v.sk, v.th4, now_ms())}.body();
    }
    if (c.what.flags == is_protected && is_session(c.where) && !plaintext.empty()) {
      return arrived{v.seal(c.what.kind, plaintext)}.body();
    }
    if (c.what.kind == disconnect && c.what.flags == clear) return plaintext;
    const auto known = specimens_.find(key_of(c.what.kind));
    return known == specimens_.end() ? octets(40) : known->second;
  }

  octets make(const cell& c, visit& v) {
    const auto known = plaintexts_.find(key_of(c.what.kind));
    octets plaintext = known == plaintexts_.end() ? octets{} : known->second;
    if (c.what.kind == direct) plaintext = text("A new one.").encoded();
    if (c.how == body::inner_truncated) plaintext.pop_back();
    if (c.how == body::inner_over_long) plaintext.push_back(0);
    octets out = exact_body(c, v, plaintext);
    if (c.how == body::reflected) {
      out = v.heard.empty() ? specimens_.at(key_of(identity_frame)) : v.heard.back().body();
    }
    if (c.how == body::flipped) out.back() ^= 1U;
    if (c.how == body::over_long) out.push_back(0);
    if (c.how == body::truncated) {
      // Of an empty body the header is what becomes too short.
      if (out.empty()) return u32(3) + first(from(make_frame(c.what.kind, c.what.flags, {}), 4), 3);
      out.pop_back();
    }
    return make_header(c.what.kind, c.what.flags, out.size(), c.what.version) + out;
  }

  // The operator is told of it once, by its cause; the audit is counted at the end.
  void note_refusal(const cell& c, const outcome& must) {
    if (must.cause.empty()) return;
    if (is_session(c.where)) {
      const auto event = gateway.events().await("refused");
      CHECK(event.at("id") == "mallory");
      CHECK(event.at("cause") == must.cause);
      ++refusals["frame_refused/" + must.cause];
      return;
    }
    const auto event = gateway.events().await("sign_in_failed");
    CHECK(event.at("cause") == must.cause);
    const bool has_shown_id = must.cause != "protocol_error" && c.what.kind == verifier;
    CHECK(event.contains("id") == has_shown_id);
    ++refusals["sign_in_failed/" + must.cause];
  }

  void note_end(place where, const outcome& must) {
    if (where == place::waiting_room) gateway.events().await("waiting_ended");
    if (!is_session(where)) return;
    const auto over = gateway.events().await("patient_disconnected", test::where("id", "mallory"));
    CHECK(over.at("reason") == must.goodbye);
  }

  std::map<std::pair<std::uint8_t, std::uint8_t>, octets> specimens_;
  std::map<std::pair<std::uint8_t, std::uint8_t>, octets> plaintexts_;
  std::optional<visit> stage_;
};

}  // namespace

TEST_CASE("every frame in every state of the gateway has the outcome that section 11 names") {
  siege s("ristretto255");
  for (const auto where : all_places) {
    for (const auto& c : all_cells(where)) s.play(c);
  }
  s.honest.must_be_unharmed();

  // Nothing happened that was not awaited.
  for (const auto* event :
       {"sign_in_failed", "refused", "patient_authenticated", "waiting", "patient_disconnected",
        "message", "blocked", "source_closed", "trouble"}) {
    CAPTURE(event);
    CHECK(s.gateway.events().seen(event) == 0);
  }

  std::map<std::string, std::uint64_t> audited;
  for (const auto& [what, times] : audit_of(s.gateway)) {
    const bool is_refusal =
        what.rfind("sign_in_failed", 0) == 0 || what.rfind("frame_refused", 0) == 0;
    if (is_refusal) audited[what] = times;
  }
  CHECK(json(audited) == json(s.refusals));
  count("adversary cells: " + std::to_string(s.cells) + " cells in " +
        std::to_string(all_places.size()) + " states of the gateway");
}

}  // namespace wardline::test::adversary
