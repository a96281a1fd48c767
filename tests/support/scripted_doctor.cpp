#include "tests/support/scripted_doctor.hpp"

#include <utility>

#include "protocol/message/session_token.hpp"
#include "protocol/session/session_keys.hpp"
#include "tests/support/catch.hpp"

namespace wardline::test {
namespace {

using protocol::frame_type;

// It is the patient's reaction to a clock that is off that tests want to see.
constexpr milliseconds any_time{24 * 3'600'000};
constexpr unix_ms token_lifetime = 3'600'000;
// So that whatever a patient says is said for another reason.
constexpr std::uint16_t heartbeat_s = 3'600;

void send(doctor_visit& to, std::vector<bytes> frames, const meddler& meddle) {
  for (auto& frame : frames) {
    if (meddle) meddle(frame);
    if (frame.empty()) continue;
    to.peer.send(frame);
    to.sent.push_back(std::move(frame));
  }
}

}  // namespace

scripted_doctor::scripted_doctor()
    : self_(random_.make_secret<32>(), crypto::role::doctor, crypto::group_id::ffdhe3072, "dr-lee"),
      announcements_(self_, time, random_),
      context_{self_, time, random_, nonces_, announcements_, any_time},
      group_(self_.group_secret(), random_) {}

std::vector<std::string> scripted_doctor::directions() const {
  return {"--doctor-id",
          "dr-lee",
          "--connect",
          "127.0.0.1:" + std::to_string(listener_.port()),
          "--doctor-fingerprint",
          crypto::to_digits(self_.own_fingerprint())};
}

doctor_visit scripted_doctor::accept(const meddler& meddle) {
  doctor_visit visit(listener_.accept());
  arrived.clear();
  protocol::doctor_handshake machine(context_, directory);
  for (;;) {
    const auto whole = visit.peer.next_frame();
    if (!whole) return visit;
    const auto f = protocol::decode_frame(*whole, protocol::handshake_frame_limit);
    REQUIRE(f.has_value());
    arrived.push_back(*whole);
    auto step = machine.on_frame(*f);
    while (step.compute || step.ask_operator) {
      send(visit, std::move(step.send), meddle);
      if (step.compute) {
        step.compute->run();
        step = machine.computed(std::move(step.compute));
      } else {
        step = machine.admit();
      }
    }
    send(visit, std::move(step.send), meddle);
    if (step.close) {
      visit.closed = std::move(step.close);
      visit.peer.send(
          protocol::encode_frame(frame_type::disconnect, protocol::encode(visit.closed->notice)));
      return visit;
    }
    if (step.established) {
      begin_session(visit, std::move(*step.established), meddle);
      return visit;
    }
  }
}

void scripted_doctor::begin_session(doctor_visit& visit, protocol::authenticated_patient&& patient,
                                    const meddler& meddle) {
  auto& up = visit.up.emplace(std::move(patient));
  visit.channel.emplace(up.sk, protocol::side::doctor);
  directory.enrolled.insert_or_assign(up.who.id, up.who);
  const auto secret_token = random_.make_secret<32>();
  const protocol::session_token token{to_bytes(secret_token.view()),
                                      random_.make<protocol::token_nonce>(),
                                      time.now() + token_lifetime, up.scopes, heartbeat_s};
  directory.tokens.insert_or_assign(
      token.token,
      protocol::kept_token{up.who, protocol::derive_resumption_secret(up.sk, token.token_nonce),
                           up.scopes, token.expires, up.chain_began});
  send(visit, {visit.seal(frame_type::session_token, protocol::encode(token))}, meddle);
}

void scripted_doctor::give_group_key(doctor_visit& to) {
  REQUIRE(to.is_up());
  group_.join(to.up->who.id, protocol::derive_group_contribution(to.up->sk));
  generation_ = protocol::doctor_group::next_generation_number(generation_, time.now());
  group_.open_generation(generation_, time.now());
  to.send(frame_type::group_key, group_.current_key());
}

prepared_broadcast scripted_doctor::prepare(const std::string& text) {
  protocol::content content{random_.make<protocol::message_id>(),
                            time.now(),
                            0,
                            protocol::content_type::text,
                            protocol::priority::emergency,
                            to_bytes(as_bytes(text))};
  auto slot = group_.take_slot();
  auto sealed = protocol::seal_broadcast(self_, slot, protocol::encode(content), random_);
  return {std::move(content), std::move(slot), std::move(sealed)};
}

protocol::check scripted_doctor::state_of_group(std::uint64_t sequence) const {
  protocol::check out{false, sequence, 0, 0, 0};
  group_.describe(out);
  return out;
}

}  // namespace wardline::test
