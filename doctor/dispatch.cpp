#include "doctor/dispatch.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include <boost/asio/post.hpp>
#include <fmt/format.h>

#include "common/util/text_encoding.hpp"
#include "doctor/audit/names.hpp"
#include "doctor/content_name.hpp"

namespace wardline::doctor {
namespace {

// What goes beyond is sent after the next sign-in.
constexpr std::size_t max_backlog = 10'000;
constexpr std::size_t cached_messages = 16;
constexpr seconds ask_again_after{5};

constexpr std::size_t max_unkept_receipts = 10'000;  // while the disk takes none

// Never the text.
audit::entry accepted(std::string_view kind, const std::string& whom,
                      const protocol::content& content, std::size_t recipients) {
  audit::entry out;
  out.actor = audit::actor::the_operator;
  out.event = kind;
  out.whom = whom;
  out.detail =
      fmt::format("message_id={} size={} recipients={} priority={}", to_hex(content.id.view()),
                  content.body.size(), recipients, name(content.priority));
  return out;
}

// Of a direct message: there is one recipient, or none who is to be told.
std::string whose(const amended& a) {
  if (!a.recipients.empty()) return a.recipients.front();
  return a.unreachable.empty() ? std::string() : a.unreachable.front();
}

}  // namespace

dispatch::dispatch(boost::asio::io_context& io, const crypto::own_identity& self, records& kept,
                   ward& present, event_hub& events, const clock& time,
                   crypto::random_source& random)
    : io_(io),
      self_(self),
      records_(kept),
      ward_(present),
      events_(events),
      time_(time),
      random_(random) {}

void dispatch::broadcast(const protocol::content& content,
                         const std::vector<std::string>& recipients, bool include_new) {
  outgoing message{content, protocol::encode(content), true, std::nullopt, {}};
  auto frame = seal(message);
  audit::act whole(records_.audit, records_.database());
  records_.outbox.accept(message, recipients, include_new);
  records_.audit.append(time_.now(),
                        accepted(audit::event::broadcast_accepted, "", content, recipients.size()));
  whole.commit();
  fan_out(message, std::move(frame), recipients);
}

void dispatch::direct(const protocol::content& content, const std::string& recipient) {
  const outgoing message{content, protocol::encode(content), false, std::nullopt, {}};
  audit::act whole(records_.audit, records_.database());
  records_.outbox.accept(message, {recipient});
  records_.audit.append(time_.now(),
                        accepted(audit::event::message_accepted, recipient, content, 1));
  whole.commit();
  send_to(content.id, {recipient});
}

// Here and not by a crypto worker: nobody can leave meanwhile who must not read it (Section 9,
// leave), and a delivery waits for no sign-in. It is one signature, at the operator's word.
bytes dispatch::seal(outgoing& message) {
  const auto slot = ward_.take_slot();
  auto done = protocol::seal_broadcast(self_, slot, message.encoded_content, random_);
  message.position = slot.position;
  message.signature = std::move(done.signature);
  return std::move(done.frame);
}

void dispatch::fan_out(const outgoing& message, bytes frame,
                       const std::vector<std::string>& recipients) {
  const auto& id = message.content.id;
  const auto sent =
      ward_.fan_out(std::make_shared<const bytes>(std::move(frame)), *message.position, recipients);
  const auto now = time_.steady();
  for (session* s : sent) s->in_flight.emplace(id, now);

  // Those with a session and without the right to broadcasts have it in their rows.
  broadcast_sent news{id, recipients.size(), sent.size(), {}};
  std::vector<std::string> sent_to;
  sent_to.reserve(sent.size());
  for (const session* s : sent) sent_to.push_back(s->id());
  for (const auto& patient : recipients) {
    if (!std::binary_search(sent_to.begin(), sent_to.end(), patient))
      news.absent.push_back(patient);
  }
  try {
    records_.outbox.sent_out(message, recipients, sent_to, time_.now());
  } catch (const failure& e) {
    tell_unrecorded(e);
  }
  events_.publish(news);
}

// Behind what it has yet to be sent.
void dispatch::send_to(const protocol::message_id& id, const std::vector<std::string>& recipients) {
  for (const auto& recipient : recipients) {
    if (session* s = ward_.find(recipient)) {
      s->backlog.push_back(id);
      pump(*s);
    }
  }
}

amended dispatch::amend(const protocol::content& content, const amendable& original) {
  outgoing message{content, protocol::encode(content), original.is_broadcast, std::nullopt, {}};
  auto frame = original.is_broadcast ? seal(message) : bytes();
  const bool cancels = content.is_cancellation();
  audit::act whole(records_.audit, records_.database());
  auto out = records_.amendments.accept(message, original, !is_recorded(original));
  auto trace =
      accepted(cancels ? audit::event::cancellation_accepted : audit::event::correction_accepted,
               original.is_broadcast ? std::string() : whose(out), content, out.recipients.size());
  trace.detail +=
      fmt::format(" {}={}", cancels ? "cancels" : "corrects", to_hex(original.id.view()));
  records_.audit.append(time_.now(), trace);
  whole.commit();

  const auto now = time_.now();
  events_.publish(message_amended{original.id, content.id, cancels,
                                  out.recipients.size() + out.unreachable.size()});
  for (const auto& [id, patient] : out.superseded) {
    events_.publish(delivery_changed{id, patient, delivery_state::expired, now});
  }
  if (original.is_broadcast) {
    fan_out(message, std::move(frame), out.recipients);
  } else {
    send_to(content.id, out.recipients);
  }
  return out;
}

// Whether it is certain that what is `queued` of it was not sent to anybody.
bool dispatch::is_recorded(const amendable& original) {
  return !has_lost_records_ && !records_.amendments.is_of_an_earlier_run(original.id);
}

void dispatch::send(session& s, const outgoing& message) {
  if (message.is_broadcast) {
    // Section 9: "as a direct message of type 5 whose body is the original Content || signature
    // with the original epoch fields"; "The outer message_id equals the original's".
    protocol::content again = message.content;
    again.type = protocol::content_type::redelivered_broadcast;
    again.body = protocol::encode_redelivery(
        {*message.position, message.content, message.encoded_content, message.signature});
    s.send_content(again);
  } else {
    s.send(protocol::frame_type::direct, message.encoded_content);
  }
  s.in_flight.insert_or_assign(message.content.id, time_.steady());
}

void dispatch::mark_sent(const protocol::message_id& id, const std::vector<std::string>& patients) {
  try {
    records_.outbox.sent(id, patients, time_.now());
  } catch (const failure& e) {
    tell_unrecorded(e);
  }
}

// It was accepted and it is on its way; what the rows still call queued is sent again.
void dispatch::tell_unrecorded(const failure& why) {
  has_lost_records_ = true;
  events_.publish(trouble{std::string("not recorded as sent: ") + why.what()});
}

std::list<protocol::message_id> dispatch::backlog_of(const std::string& patient) {
  const auto pending = records_.outbox.pending(patient, time_.now(), max_backlog);
  return {pending.begin(), pending.end()};
}

void dispatch::on_joined(session& s, std::list<protocol::message_id> backlog) {
  s.backlog = std::move(backlog);
  pump(s);
}

void dispatch::pump(session& s) {
  while (!s.backlog.empty() && s.has_room_for_backlog()) {
    const auto id = s.backlog.front();
    const auto message = find(id);
    bool is_for_them = message && (!message->is_broadcast || s.receives_broadcasts());
    try {
      // Not what has expired, or was receipted meanwhile.
      is_for_them = is_for_them && records_.outbox.is_pending(id, s.id());
    } catch (const store::error&) {
      return;  // rows that the disk does not take are missing: the next tick tries again
    }
    s.backlog.pop_front();
    if (!is_for_them) continue;
    send(s, *message);
    mark_sent(id, {s.id()});
  }
}

void dispatch::resend(session& s, const protocol::message_id& id) {
  if (std::find(s.backlog.begin(), s.backlog.end(), id) == s.backlog.end()) s.backlog.push_back(id);
  pump(s);
}

void dispatch::on_asked(session& s) {
  const auto now = time_.steady();
  for (const auto& [id, since] : s.in_flight) {
    if (now - since >= ask_again_after) s.backlog.push_back(id);
  }
  pump(s);
}

void dispatch::on_receipt(session& s, const protocol::receipt& r) {
  const auto message = find(r.message_id);
  bool is_theirs = message && s.in_flight.contains(r.message_id);
  try {
    is_theirs = is_theirs || (message && records_.outbox.is_recipient(r.message_id, s.id()));
  } catch (const store::error&) {
    s.must_come_again = true;  // whose it is cannot be said until the disk takes the rows
    return;
  }
  if (!is_theirs || !s.check_receipt(r, message->encoded_content)) {
    events_.publish(frame_refused{s.id(), errc::wrong_proof, "a receipt", s.connection()});
    return;
  }
  s.in_flight.erase(r.message_id);
  if (receipts_.size() >= max_unkept_receipts) {
    s.must_come_again = true;
    return;
  }
  // What arrives in one turn of the loop is committed together, and shown only then.
  if (receipts_.empty()) {
    boost::asio::post(io_, [this, alive = std::weak_ptr(alive_)] {
      if (!alive.expired()) flush_receipts();
    });
  }
  receipts_.push_back({r.message_id, s.id(), r.state, time_.now()});
  pump(s);
}

bool dispatch::keep_receipts(const session& s) {
  flush_receipts();
  return !s.must_come_again &&
         std::none_of(receipts_.begin(), receipts_.end(),
                      [&](const receipt_record& r) { return r.patient_id == s.id(); });
}

void dispatch::flush_receipts() {
  auto batch = std::exchange(receipts_, {});
  try {
    const auto changed = records_.outbox.receipts(batch);
    told_of_receipts_ = false;
    for (const auto& r : changed) {
      events_.publish(delivery_changed{r.message, r.patient_id,
                                       r.state == protocol::receipt_state::acknowledged
                                           ? delivery_state::acknowledged
                                           : delivery_state::decrypted,
                                       r.at});
    }
  } catch (const failure& e) {
    // Tried again with the next tick, and until then no check of these patients is answered.
    receipts_.insert(receipts_.begin(), std::make_move_iterator(batch.begin()),
                     std::make_move_iterator(batch.end()));
    if (!std::exchange(told_of_receipts_, true)) {
      events_.publish(trouble{std::string("receipts wait: ") + e.what()});
    }
  }
}

std::shared_ptr<const outgoing> dispatch::find(const protocol::message_id& id) {
  for (auto it = cache_.begin(); it != cache_.end(); ++it) {
    if ((*it)->content.id == id) {
      cache_.splice(cache_.begin(), cache_, it);
      return cache_.front();
    }
  }
  auto found = records_.outbox.find(id);
  if (!found) return nullptr;
  cache_.push_front(std::make_shared<const outgoing>(std::move(*found)));
  if (cache_.size() > cached_messages) cache_.pop_back();
  return cache_.front();
}

}  // namespace wardline::doctor
