// A patient's session with a gateway that may say anything in it: every frame opens, and what is
// inside is the input's. The patient shows each message once, receipts only what it has kept, and
// ends in good order.
#include <set>

#include "common/crypto/labels.hpp"
#include "patient/records/schema.hpp"
#include "patient/session.hpp"
#include "protocol/group/doctor_group.hpp"
#include "protocol/message/group_key.hpp"
#include "tests/fuzz/support/fixed_random.hpp"
#include "tests/fuzz/support/mutated_frame.hpp"
#include "tests/fuzz/support/scratch.hpp"
#include "tests/patient/fakes.hpp"
#include "tests/protocol/group/people.hpp"
#include "tests/support/manual_clock.hpp"

using namespace wardline;
using fuzz::must;
using protocol::frame_type;

namespace {

constexpr int max_frames = 12;

/// Opened once, emptied for each input.
struct kept {
  fuzz::fixed_random random;
  patient::records records{fuzz::scratch(), "p1", random};
  store::database other{fuzz::scratch() / "patient.db", patient::application_id,
                        patient::migrations};

  kept() {
    must(records.doctors.pin(test::the_doctor().public_part(), 1).has_value(),
         "a doctor is pinned");
  }
};

patient::records& empty_records() {
  static kept there;
  there.other.execute("DELETE FROM inbox; DELETE FROM outbox;");
  return there.records;
}

protocol::session_key session_key() {
  protocol::session_key sk;
  sk.writable()[0] = 7;
  return sk;
}

protocol::patient_established established() {
  const auto sk = session_key();
  return {protocol::secure_channel(sk, protocol::side::patient),
          session_key(),
          test::the_doctor().public_part(),
          test::the_doctor().own_fingerprint(),
          {bytes(32, 1), {}, 2'000'000'000'000, protocol::scope::all, 30},
          {bytes(32, 1), {}, 2'000'000'000'000},
          false};
}

/// One of a few messages, which may be about each other.
bytes content(fuzz::input& in) {
  protocol::content c{};
  c.id.value[0] = static_cast<byte>(in.below(4));
  c.type = static_cast<protocol::content_type>(1 + in.below(7));
  c.priority = static_cast<protocol::priority>(in.below(3));
  c.created = in.number();
  c.expires = in.number();
  if (c.is_amendment()) {
    protocol::message_id about{};
    about.value[0] = static_cast<byte>(in.below(4));
    append(c.body, about.view());
  }
  append(c.body, in.take(in.below(16)));
  return protocol::encode(c);
}

class gateway {
 public:
  explicit gateway(fuzz::input& in) : in_(in) {}

  /// The plaintext of a frame of this type, well formed or not.
  bytes say(frame_type type) {
    const auto how = in_.below(3);
    if (how == 2) return to_bytes(in_.take(in_.number()));
    const auto honest = well_formed(type);
    return how == 0 ? honest : fuzz::mutated(honest, in_);
  }

  bytes broadcast() {
    if (group_.needs_generation(0)) group_.open_generation(++generation_, 0);
    return protocol::seal_broadcast(test::the_doctor(), group_.take_slot(), content(in_), random_)
        .frame;
  }

 private:
  bytes well_formed(frame_type type) {
    switch (type) {
      case frame_type::group_key:
        if (group_.needs_generation(0)) group_.open_generation(++generation_, 0);
        return to_bytes(protocol::encode_secret(group_.current_key()).view());
      case frame_type::direct:
        return in_.number() % 4 == 3 ? redelivery() : content(in_);
      case frame_type::receipt: {
        protocol::receipt r{};
        r.state = protocol::receipt_state::decrypted;
        return protocol::encode(r);
      }
      case frame_type::check: {
        const bool is_reply = in_.number() % 2 == 1;
        return protocol::encode(
            protocol::check{is_reply, in_.number(), in_.number(), in_.number(), in_.number()});
      }
      default:
        return protocol::encode(protocol::disconnect{protocol::disconnect_reason::busy, 5, "x"});
    }
  }

  bytes redelivery() {
    const protocol::broadcast_position at{1, 0, in_.number()};
    const auto inner = content(in_);
    const auto fp = crypto::shorten(test::the_doctor().own_fingerprint());
    const auto position = protocol::encode(at);
    const auto signature =
        test::the_doctor().sign(crypto::label::broadcast, {fp.view(), position, inner}, random_);
    bytes body = position;
    append(body, inner);
    append(body, big_endian<2>(signature.size()));
    append(body, signature);
    protocol::content outer{};
    std::copy_n(inner.begin(), outer.id.value.size(), outer.id.value.begin());
    outer.type = protocol::content_type::redelivered_broadcast;
    outer.body = std::move(body);
    return protocol::encode(outer);
  }

  fuzz::input& in_;
  fuzz::fixed_random random_;
  std::uint32_t generation_ = 0;
  protocol::doctor_group group_{test::the_doctor().group_secret(), random_};
};

}  // namespace

WARDLINE_FUZZ_TARGET(in) {
  auto& records = empty_records();
  test::recording_console console;
  test::manual_clock time(1'790'000'000'000);
  protocol::secure_channel channel(session_key(), protocol::side::doctor);
  std::size_t receipts = 0;
  patient::session session(established(), records, console, time, [&](const bytes& whole) {
    const auto f = protocol::decode_frame(whole, protocol::session_frame_limit);
    must(f.has_value(), "what the patient sends is a frame");
    const auto opened = channel.open(*f);
    must(opened.has_value(), "what the patient sends opens");
    if (f->type != frame_type::receipt) return;
    const auto r = protocol::decode<protocol::receipt>(opened->view());
    must(r && records.inbox.find("dr", r->message_id), "what is receipted is kept");
    ++receipts;
  });
  session.begin();

  gateway at(in);
  bool is_over = false;
  for (int i = 0; i < max_frames && !in.ended() && !is_over; ++i) {
    constexpr frame_type types[] = {
        frame_type::direct, frame_type::group_key,  frame_type::check,        frame_type::receipt,
        frame_type::direct, frame_type::disconnect, frame_type::session_token};
    const auto which = in.below(std::size(types) + 2);
    if (which == std::size(types) + 1) {
      time.advance(seconds(in.number()));
      is_over = session.tick().has_value();
      continue;
    }
    const auto whole = which == std::size(types) ? at.broadcast()
                                                 : channel.seal(types[which], at.say(types[which]));
    const auto f = protocol::decode_frame(whole, protocol::session_frame_limit);
    must(f.has_value(), "what the gateway sends is a frame");
    is_over = session.on_frame(*f).has_value();
  }

  std::set<protocol::message_id> shown;
  for (const auto& m : console.all<patient::message_received>())
    must(shown.insert(m.message.content.id).second, "no message is shown twice");
  must(receipts >= shown.size(), "each message that is shown is receipted");
  (void)records.inbox.recent("dr", 10);
}
