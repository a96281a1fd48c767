#include "patient/session.hpp"

#include <algorithm>
#include <utility>

namespace wardline::patient {
namespace {

constexpr std::size_t max_unstored = 64;
constexpr std::size_t max_acknowledgements = 256;
// A doctor that is never silent is never sent a check by the heartbeat, and without its reply
// nobody knows that an acknowledgement has arrived.
constexpr seconds confirm_after{1};
// Anybody on the path can write frames that are dropped: the person is told of so many a minute.
constexpr unsigned max_reports = 10;
constexpr std::chrono::minutes report_window{1};

}  // namespace

session::session(protocol::patient_established&& up, records& kept, console& out, const clock& time,
                 send_frame to)
    : doctor_(std::move(up.doctor)),
      channel_(std::move(up.channel)),
      receipt_key_(protocol::derive_receipt_key(up.sk)),
      scopes_(up.token.scopes),
      group_(doctor_),
      heartbeat_(std::max(seconds(up.token.heartbeat_s), seconds(1))),
      beat_(heartbeat_, time.steady()),
      records_(kept),
      console_(out),
      time_(time),
      send_(std::move(to)),
      own_(kept.outbox, doctor_.id, protocol::derive_receipt_key(up.sk), scopes_, out, time,
           [this](byte_view content) { send(protocol::frame_type::direct, content); }) {}

void session::begin() {
  guarded([this] {
    send_acknowledgements();
    own_.pump();
  });
}

std::optional<session_end> session::on_frame(const protocol::frame& f) {
  if (f.type == protocol::frame_type::broadcast) {
    on_broadcast(f);
    return std::nullopt;
  }
  // Section 9: "An unprotected DISCONNECT is only a hint: either end ignores it once a session
  // stands".
  if (f.type == protocol::frame_type::disconnect && !f.is_protected) return std::nullopt;

  const auto plaintext = channel_.open(f);
  if (!plaintext) {
    const auto cause = to_errc(plaintext.error());
    // Section 5: "A tag that fails ends the connection."
    say_goodbye(protocol::disconnect_reason::protocol_error);
    return session_end{cause, {}};
  }
  beat_.heard(time_.steady());
  return on_protected(f.type, plaintext->view());
}

std::optional<session_end> session::on_protected(protocol::frame_type type, byte_view plaintext) {
  result<void> outcome;
  switch (type) {
    case protocol::frame_type::group_key:
      outcome = on_group_key(plaintext);
      break;
    case protocol::frame_type::direct:
      outcome = on_direct(plaintext);
      break;
    case protocol::frame_type::receipt:
      outcome = on_receipt(plaintext);
      break;
    case protocol::frame_type::check:
      outcome = on_check(plaintext);
      break;
    case protocol::frame_type::disconnect: {
      auto notice = protocol::decode<protocol::disconnect>(plaintext);
      if (!notice) return session_end{errc::invalid_encoding, {}};
      return session_end{errc::connection_lost, std::move(*notice)};
    }
    default:
      // Section 11: "A frame that the state does not name is a protocol error".
      say_goodbye(protocol::disconnect_reason::protocol_error);
      return session_end{errc::protocol_error, {}};
  }
  // Section 9: "What fails is dropped, reported to the person, and answered by no receipt."
  if (!outcome) report_dropped(type, to_errc(outcome.error()));
  look_for_missing();
  return std::nullopt;
}

void session::on_broadcast(const protocol::frame& f) {
  auto opened = group_.open(f, time_.steady());
  if (opened) {
    beat_.heard(time_.steady());
    const auto& b = opened->broadcast;
    if (const auto ok = receive(b.content, b.encoded_content, true, false); !ok) {
      report_dropped(f.type, to_errc(ok.error()));
    }
  } else {
    report_dropped(f.type, to_errc(opened.error()));
  }
  look_for_missing();
}

result<void> session::on_group_key(byte_view plaintext) {
  auto key = protocol::decode<protocol::group_key>(plaintext);
  if (!key) return key.error();
  const group_key_received news{key->generation, key->ratchet};
  if (const auto ok = group_.install(std::move(*key)); !ok) return ok;
  console_.show(news);
  return {};
}

result<void> session::on_direct(byte_view plaintext) {
  const auto content = protocol::decode<protocol::content>(plaintext);
  if (!content) return content.error();
  if (content->type == protocol::content_type::redelivered_broadcast) {
    return on_redelivery(*content);
  }
  return receive(*content, plaintext, false, false);
}

result<void> session::on_redelivery(const protocol::content& outer) {
  const auto b = protocol::read_redelivery(outer.body);
  if (!b) return b.error();
  // Section 9: "The outer message_id equals the original's, and the receipt is for the original".
  if (b->content.id != outer.id) return errc::invalid_encoding;
  if (const auto ok = protocol::verify_broadcast(doctor_, *b); !ok) return ok;
  group_.note_redelivered(b->position);
  return receive(b->content, b->encoded_content, true, true);
}

// "Direct messages are receipted too, in both directions, once they are on disk"; "Patients drop
// duplicates by message_id, and answer them again".
result<void> session::receive(const protocol::content& content, byte_view encoded,
                              bool is_broadcast, bool redelivered) {
  using protocol::receipt_state;
  try {
    const auto is_new =
        records_.inbox.keep(doctor_.id, content, encoded, is_broadcast, time_.now());
    if (!is_new) return is_new.error();
    const auto kept = records_.inbox.find(doctor_.id, content.id);
    if (!kept) return errc::unavailable;
    unstored_.erase(content.id);
    // What it takes the place of is not sent again.
    if (const auto about = content.about()) unstored_.erase(*about);
    send_receipt(content, encoded, kept->opened_at, receipt_state::decrypted);
    if (*is_new) {
      console_.show(message_received{*kept, redelivered});
    } else if (kept->acknowledged_at) {
      send_receipt(content, encoded, *kept->acknowledged_at, receipt_state::acknowledged);
    }
  } catch (const failure& e) {
    // Not receipted: the doctor has it still, and is asked for it again.
    if (unstored_.size() < max_unstored) unstored_.insert(content.id);
    console_.show(problem{errc::unavailable,
                          std::string("a message came and could not be kept: ") + e.what(),
                          e.hint()});
  }
  return {};
}

result<void> session::on_receipt(byte_view plaintext) {
  const auto r = protocol::decode<protocol::receipt>(plaintext);
  if (!r) return r.error();
  result<void> outcome;
  guarded([&] { outcome = own_.on_receipt(*r); });
  return outcome;
}

result<void> session::on_check(byte_view plaintext) {
  const auto c = protocol::decode<protocol::check>(plaintext);
  if (!c) return c.error();
  doctor_state_ = *c;
  if (!c->is_reply) {
    send_check(true, c->sequence);
  } else if (beat_.answered(c->sequence)) {
    confirm_acknowledgements(c->sequence);
  }
  return {};
}

void session::look_for_missing() {
  const auto now = time_.steady();
  asking_.update(group_.is_behind(doctor_state_) || !unstored_.empty(), now);
  if (asking_.take_turn(now)) send_check(false, beat_.next_sequence(now));

  const bool missing = group_.is_behind(doctor_state_);
  if (missing && !told_missing_ && asking_.is_overdue(now)) {
    told_missing_ = true;
    console_.show(broadcast_missing{});
  } else if (!missing && told_missing_) {
    told_missing_ = false;
    console_.show(broadcasts_complete{});
  }
}

std::optional<session_end> session::tick() {
  const auto now = time_.steady();
  switch (beat_.tick(now)) {
    case protocol::heartbeat::verdict::nothing:
      break;
    case protocol::heartbeat::verdict::send_check:
      send_check(false, beat_.next_sequence(now));
      break;
    case protocol::heartbeat::verdict::dead:
      // Section 8: "three unanswered end the connection".
      say_goodbye(protocol::disconnect_reason::idle);
      return session_end{errc::timed_out, {}};
  }
  if (confirm_at_ && now >= *confirm_at_) send_check(false, beat_.next_sequence(now));
  look_for_missing();
  send_messages();
  return std::nullopt;
}

// As many as are looked after at a time; the next follow when the doctor has these.
void session::send_acknowledgements() {
  for (const auto& m : records_.inbox.unsent_acknowledgements(doctor_.id, max_acknowledgements)) {
    send_acknowledgement(m);
  }
}

void session::send_acknowledgement(const inbox_message& m) {
  send_receipt(m.content, protocol::encode(m.content), m.acknowledged_at.value_or(time_.now()),
               protocol::receipt_state::acknowledged);
  if (acknowledgements_.size() < max_acknowledgements) {
    acknowledgements_.push_back({m.content.id, last_check_ + 1});
    const auto soon = time_.steady() + confirm_after;
    confirm_at_ = confirm_at_ ? std::min(*confirm_at_, soon) : soon;
  }
}

// There is no receipt for a receipt; but what the doctor answers has passed everything before it.
void session::confirm_acknowledgements(std::uint64_t answered) {
  guarded([&] {
    std::erase_if(acknowledgements_, [&](const sent_acknowledgement& a) {
      if (a.before_check > answered) return false;
      records_.inbox.doctor_knows(doctor_.id, a.id);
      return true;
    });
    if (!acknowledgements_.empty()) return;
    confirm_at_.reset();
    send_acknowledgements();
  });
}

void session::say_goodbye(protocol::disconnect_reason why) {
  send(protocol::frame_type::disconnect, protocol::encode(protocol::disconnect{why, 0, {}}));
}

void session::send(protocol::frame_type type, byte_view plaintext) {
  send_(channel_.seal(type, plaintext));
}

void session::send_receipt(const protocol::content& content, byte_view encoded, unix_ms at,
                           protocol::receipt_state state) {
  send(protocol::frame_type::receipt,
       protocol::encode(protocol::make_receipt(receipt_key_, content.id, at, state, encoded)));
}

void session::send_check(bool is_reply, std::uint64_t sequence) {
  if (!is_reply) {
    last_check_ = sequence;
    if (confirm_at_) confirm_at_ = time_.steady() + heartbeat_;
  }
  // "the last three the doctor's group state (zeros from a patient)"
  send(protocol::frame_type::check, protocol::encode(protocol::check{is_reply, sequence, 0, 0, 0}));
}

void session::report_dropped(protocol::frame_type type, errc cause) {
  const auto now = time_.steady();
  if (now - reports_began_ >= report_window) {
    reports_began_ = now;
    reports_ = 0;
  }
  if (++reports_ > max_reports) return;
  const std::string what = type == protocol::frame_type::broadcast ? "broadcast"
                           : type == protocol::frame_type::direct  ? "message"
                                                                   : std::string(name(type));
  console_.show(problem{cause, "a " + what + " was dropped: " + std::string(describe(cause)),
                        "Nothing was shown of it, and the doctor knows that it was not received."});
}

void session::guarded(const std::function<void()>& work) {
  try {
    work();
  } catch (const failure& e) {
    console_.show(problem{errc::unavailable, e.what(), e.hint()});
  }
}

}  // namespace wardline::patient
