#pragma once

#include <optional>
#include <vector>

#include "patient/session.hpp"
#include "protocol/group/doctor_group.hpp"
#include "tests/patient/fakes.hpp"
#include "tests/patient/people.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temporary_directory.hpp"

namespace wardline::test {

/// A frame of the patient's, opened.
struct heard_frame {
  protocol::frame_type type;
  bytes plaintext;

  template <class Message>
  Message as() const {
    auto m = protocol::decode<Message>(plaintext);
    REQUIRE(m.has_value());
    return std::move(*m);
  }
};

/// A patient's session and the doctor's end of it, without a socket: what the doctor says is
/// handed to the session at once, and what the session sends is opened and kept.
class scripted_doctor {
 public:
  static constexpr seconds heartbeat{30};

  scripted_doctor()
      : self(make_doctor(1)),
        group(self.group_secret(), random),
        kept(directory.path(), "alice", random) {
    REQUIRE(kept.doctors.pin(self.public_part(), time.now()).has_value());
  }

  /// A new session, as after a (new) sign-in.
  void sign_in(protocol::scopes scopes = protocol::scope::all) {
    const auto sk = random.make_secret<32>();
    receipt_key = protocol::derive_receipt_key(sk);
    channel.emplace(sk, protocol::side::doctor);
    heard.clear();
    protocol::session_token token{};
    token.scopes = scopes;
    token.heartbeat_s = static_cast<std::uint16_t>(heartbeat.count());
    session.emplace(
        protocol::patient_established{protocol::secure_channel(sk, protocol::side::patient),
                                      sk.clone(),
                                      self.public_part(),
                                      self.own_fingerprint(),
                                      token,
                                      {},
                                      false},
        kept, console, time, [this](bytes frame) { hear(frame); });
    session->begin();
    // A fresh member of the group.
    group.leave("alice");
    group.join("alice", protocol::derive_group_contribution(sk));
    group.open_generation(++generation, time.now());
    say(protocol::frame_type::group_key, protocol::encode_secret(group.current_key()).view());
  }

  std::optional<patient::session_end> say(protocol::frame_type type, byte_view plaintext) {
    return give(channel->seal(type, plaintext));
  }
  std::optional<patient::session_end> give(const bytes& whole) {
    const auto f = protocol::decode_frame(whole, protocol::session_frame_limit);
    REQUIRE(f.has_value());
    return session->on_frame(*f);
  }

  void say_directly(const protocol::content& c) {
    say(protocol::frame_type::direct, protocol::encode(c));
  }

  /// A broadcast, signed and sealed for the group, not sent yet.
  struct made_broadcast {
    protocol::signed_broadcast content;
    bytes frame;
  };
  made_broadcast make_broadcast(const protocol::content& c) {
    const auto slot = group.take_slot();
    const auto encoded = protocol::encode(c);
    auto sealed = protocol::seal_broadcast(self, slot, encoded, random);
    return {{slot.position, c, encoded, sealed.signature}, std::move(sealed.frame)};
  }

  static protocol::content as_redelivery(const protocol::signed_broadcast& b) {
    auto again = b.content;
    again.type = protocol::content_type::redelivered_broadcast;
    again.body = protocol::encode_redelivery(b);
    return again;
  }

  /// The doctor's check, with its group's state.
  void say_check(bool is_reply, std::uint64_t sequence) {
    protocol::check c{is_reply, sequence, 0, 0, 0};
    group.describe(c);
    say(protocol::frame_type::check, protocol::encode(c));
  }

  void say_receipt(const protocol::content& c, protocol::receipt_state state) {
    say(protocol::frame_type::receipt,
        protocol::encode(
            protocol::make_receipt(receipt_key, c.id, time.now(), state, protocol::encode(c))));
  }

  std::vector<heard_frame> all(protocol::frame_type type) const {
    std::vector<heard_frame> out;
    for (const auto& f : heard) {
      if (f.type == type) out.push_back(f);
    }
    return out;
  }

  /// Every receipt so far that proves this content in this state.
  std::size_t receipts_for(const protocol::content& c,
                           protocol::receipt_state state = protocol::receipt_state::decrypted) {
    std::size_t n = 0;
    for (const auto& f : all(protocol::frame_type::receipt)) {
      const auto r = f.as<protocol::receipt>();
      if (r.message_id == c.id && r.state == state) {
        CHECK(protocol::check_receipt(receipt_key, r, protocol::encode(c)).has_value());
        ++n;
      }
    }
    return n;
  }

  temporary_directory directory;
  manual_clock time{1'000'000};
  crypto::system_random random;
  crypto::own_identity self;
  protocol::doctor_group group;
  std::uint32_t generation = 0;
  patient::records kept;
  recording_console console;
  std::optional<protocol::secure_channel> channel;
  protocol::receipt_key receipt_key;
  std::optional<patient::session> session;
  std::vector<heard_frame> heard;

 private:
  void hear(const bytes& whole) {
    const auto f = protocol::decode_frame(whole, protocol::session_frame_limit);
    REQUIRE(f.has_value());
    const auto plaintext = channel->open(*f);
    REQUIRE(plaintext.has_value());
    heard.push_back({f->type, to_bytes(plaintext->view())});
  }
};

}  // namespace wardline::test
