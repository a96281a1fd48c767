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
constexpr unsigned patience_with_leavers = 5;
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

struct dispatch::seal_job final : protocol::computation {
  seal_job(const crypto::own_identity& doctor, protocol::broadcast_slot place,
           crypto::random_source& rng, to_seal what, std::shared_ptr<const outgoing> the_message)
      : self(doctor),
        slot(std::move(place)),
        random(rng),
        work(std::move(what)),
        message(std::move(the_message)) {}

  void run() noexcept override {
    result = protocol::seal_broadcast(self, slot, message->encoded_content, random);
  }

  const crypto::own_identity& self;
  protocol::broadcast_slot slot;
  crypto::random_source& random;
  to_seal work;
  std::shared_ptr<const outgoing> message;
  protocol::sealed_broadcast result;
};

dispatch::dispatch(boost::asio::io_context& io, const crypto::own_identity& self, records& kept,
                   ward& present, crypto_pool& pool, event_hub& events, const clock& time,
                   crypto::random_source& random)
    : io_(io),
      self_(self),
      records_(kept),
      ward_(present),
      pool_(pool),
      events_(events),
      time_(time),
      random_(random) {}

void dispatch::start() {
  for (const auto& id : records_.outbox.unsealed()) {
    to_seal work{id, {}};
    if (const auto summary = records_.outbox.summary(id)) {
      for (const auto& d : summary->deliveries) work.recipients.push_back(d.patient_id);
    }
    unsealed_.push_back(std::move(work));
  }
  seal_next();
}

void dispatch::broadcast(const protocol::content& content,
                         const std::vector<std::string>& recipients, bool include_new) {
  outgoing message{content, protocol::encode(content), true, std::nullopt, {}};
  audit::act whole(records_.audit, records_.database());
  records_.outbox.accept(message, recipients, include_new);
  records_.audit.append(time_.now(),
                        accepted(audit::event::broadcast_accepted, "", content, recipients.size()));
  whole.commit();
  go_out(content, true, recipients, include_new);
}

void dispatch::direct(const protocol::content& content, const std::string& recipient) {
  const outgoing message{content, protocol::encode(content), false, std::nullopt, {}};
  audit::act whole(records_.audit, records_.database());
  records_.outbox.accept(message, {recipient});
  records_.audit.append(time_.now(),
                        accepted(audit::event::message_accepted, recipient, content, 1));
  whole.commit();
  go_out(content, false, {recipient}, false);
}

void dispatch::go_out(const protocol::content& content, bool is_broadcast,
                      const std::vector<std::string>& recipients, bool include_new) {
  if (is_broadcast) {
    unsealed_.push_back({content.id, recipients, include_new});
    return seal_next();
  }
  for (const auto& recipient : recipients) {
    if (session* s = ward_.find(recipient)) {
      s->backlog.push_back(content.id);  // behind what it has yet to be sent
      pump(*s);
    }
  }
}

amended dispatch::amend(const protocol::content& content, const amendable& original) {
  const outgoing message{
      content, protocol::encode(content), original.is_broadcast, std::nullopt, {}};
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
  go_out(content, original.is_broadcast, out.recipients, original.include_new && !cancels);
  return out;
}

// Whether it is certain that what is `queued` of it was not sent to anybody.
bool dispatch::is_recorded(const amendable& original) {
  if (!original.may_be_under_way) return true;
  return fanning_out_ == 0 && !has_lost_records_ &&
         !records_.amendments.is_of_an_earlier_run(original.id);
}

// Broadcasts are sealed one after the other: their places in the group must go out in order.
void dispatch::seal_next() {
  if (sealing_ || unsealed_.empty()) return;
  try {
    auto message = find(unsealed_.front().id);
    if (!message || records_.outbox.is_over(message->content.id)) {
      unsealed_.pop_front();
      return seal_next();
    }
    auto job = std::make_unique<seal_job>(self_, ward_.take_slot(), random_, unsealed_.front(),
                                          std::move(message));
    sealing_ = true;
    if (outdated_ >= patience_with_leavers) {
      job->run();  // here and now, so that nobody can leave meanwhile
      sealed(std::move(job));
      return;
    }
    pool_.submit(crypto_pool::lane::delivery, std::move(job),
                 [this, alive = std::weak_ptr(alive_)](auto done) {
                   if (!alive.expired()) sealed(std::move(done));
                 });
  } catch (const failure& e) {
    tell_of_waiting(e);
  }
}

void dispatch::sealed(std::unique_ptr<protocol::computation> done) {
  sealing_ = false;
  const auto& job = static_cast<const seal_job&>(*done);
  // Section 9, leave: whoever left while it was being sealed must not read it, so it is sealed
  // again in a new generation.
  if (!ward_.may_send(job.slot.position)) {
    ++outdated_;
    return seal_next();
  }
  outdated_ = 0;

  try {
    const auto& id = job.work.id;
    // Cancelled, corrected or expired meanwhile: nobody shall see it.
    if (records_.outbox.is_over(id)) {
      ward_.give_up_slot();
      unsealed_.pop_front();
      return seal_next();
    }
    records_.outbox.sealed(id, job.slot.position, job.result.signature);
    told_of_waiting_ = false;
    unsealed_.pop_front();
    std::erase_if(cache_, [&](const auto& m) { return m->content.id == id; });

    const auto out = ward_.fan_out(std::make_shared<const bytes>(job.result.frame),
                                   job.slot.position, job.work.recipients);
    const auto now = time_.steady();
    for (const auto& recipient : out.sent) {
      if (session* s = ward_.find(recipient)) s->in_flight.emplace(id, now);
    }
    ++fanning_out_;
    // Behind the writes that the fan-out has queued: thousands of rows would hold them all up.
    boost::asio::post(
        io_, [this, alive = std::weak_ptr(alive_), what = job.work, sent = out.sent]() mutable {
          if (!alive.expired()) fanned_out(what, std::move(sent));
        });
    for (session* s : out.need_redelivery) resend(*s, id);
    // Who was enrolled meanwhile: `pump` looks whether it is for them.
    if (job.work.include_new) {
      for (session* s : ward_.present()) {
        if (!s->in_flight.contains(id)) resend(*s, id);
      }
    }
  } catch (const failure& e) {
    ward_.give_up_slot();  // it is sealed again, elsewhere
    return tell_of_waiting(e);
  }
  seal_next();
}

// It is on disk and stays queued; the next broadcast, or the next tick, tries again.
void dispatch::tell_of_waiting(const failure& why) {
  if (std::exchange(told_of_waiting_, true)) return;
  events_.publish(trouble{std::string("a broadcast waits: ") + why.what()});
}

void dispatch::fanned_out(const to_seal& what, std::vector<std::string> sent) {
  mark_sent(what.id, sent);
  --fanning_out_;
  // Those with a session and without the right to broadcasts, or who came meanwhile, have it in
  // their rows and are sent it when they sign in.
  auto all = what.recipients;
  std::sort(all.begin(), all.end());
  std::sort(sent.begin(), sent.end());
  broadcast_sent news{what.id, all.size(), sent.size(), {}};
  std::set_difference(all.begin(), all.end(), sent.begin(), sent.end(),
                      std::back_inserter(news.absent));
  events_.publish(news);
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
    // It was accepted and it is on its way; what the rows still call queued is sent again.
    has_lost_records_ = true;
    events_.publish(trouble{std::string("not recorded as sent: ") + e.what()});
  }
}

void dispatch::on_joined(session& s) {
  const auto pending = records_.outbox.pending(s.id(), time_.now(), max_backlog);
  s.backlog.assign(pending.begin(), pending.end());
  pump(s);
}

void dispatch::pump(session& s) {
  while (!s.backlog.empty() && s.has_room_for_backlog()) {
    const auto id = s.backlog.front();
    s.backlog.pop_front();
    const auto message = find(id);
    if (!message || (message->is_broadcast && !message->position)) continue;
    if (message->is_broadcast && !s.receives_broadcasts()) continue;
    if (!records_.outbox.is_pending(id, s.id())) continue;  // expired, or receipted meanwhile
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
  const bool is_theirs = message && records_.outbox.is_recipient(r.message_id, s.id());
  if (!is_theirs || !s.check_receipt(r, message->encoded_content)) {
    events_.publish(frame_refused{s.id(), errc::wrong_proof, "a receipt"});
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
