#include "doctor/gateway.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>

#include "common/store/directory.hpp"
#include "common/util/text_encoding.hpp"
#include "doctor/audit/configuration.hpp"
#include "doctor/audit/names.hpp"
#include "doctor/backup/backup_entry.hpp"
#include "doctor/audit/refused.hpp"
#include "doctor/crypto_pool.hpp"
#include "doctor/dispatch.hpp"
#include "doctor/escalation/escalation.hpp"
#include "doctor/identity_file.hpp"
#include "doctor/make_invite.hpp"
#include "doctor/reception.hpp"
#include "doctor/session_manager.hpp"
#include "doctor/waiting_room.hpp"
#include "doctor/ward.hpp"
#include "protocol/message/amendment.hpp"

namespace wardline::doctor {
namespace {

constexpr milliseconds tick_interval{250};
constexpr seconds housekeeping_interval{60};
constexpr std::size_t remembered_nonces = 65'536;

unix_ms ms(seconds s) { return static_cast<unix_ms>(milliseconds(s).count()); }

store::directory_lock take_directory(const config& settings) {
  store::private_directory(settings.data_directory);
  return {settings.data_directory, "doctor"};
}

void check_text(const std::string& text, std::size_t limit = protocol::max_broadcast_body) {
  if (text.size() > limit) {
    throw failure(fmt::format("the message has {} bytes, and {} is the limit", text.size(), limit),
                  "send it in parts");
  }
  if (!is_utf8(as_bytes(text))) throw failure("the message is not valid UTF-8");
}

bytes checked_text(const std::string& text) {
  if (text.empty()) throw failure("the message is empty");
  check_text(text);
  return to_bytes(as_bytes(text));
}

audit::entry by_operator(std::string_view kind, const std::string& whom) {
  audit::entry out;
  out.actor = audit::actor::the_operator;
  out.event = kind;
  out.whom = whom;
  return out;
}

audit::entry by_gateway(std::string_view kind, const std::string& detail) {
  audit::entry out;
  out.actor = audit::actor::gateway;
  out.event = kind;
  out.detail = detail;
  return out;
}

}  // namespace

/// Built in this order, destroyed in the other: the pool ends before what its work refers to.
struct gateway::parts {
  parts(boost::asio::io_context& the_io, const config& the_settings, const clock& the_time,
        crypto::random_source& the_random)
      : io(the_io),
        settings(the_settings),
        time(the_time),
        random(the_random),
        lock(take_directory(settings)),
        self(open_identity(settings.data_directory, settings.id, settings.group,
                           crypto::group_id::ffdhe3072, random, settings.keys.get())),
        kept(settings.data_directory, random, settings.keys.get()),
        nonces(remembered_nonces),
        announcements(self, time, random),
        context{self,
                time,
                random,
                nonces,
                announcements,
                settings.clock_window,
                settings.waiting.time},
        pool(io, settings.crypto_workers, settings.admission.queue),
        present(self.group_secret(), kept, time, random),
        messages(io, self, kept, present, pool, events, time, random),
        sessions(settings, kept, present, messages, events, time, random),
        unconfirmed(settings, kept, present, messages, events, time),
        door(io, settings, context, kept, pool, sessions, events, time),
        timer(io),
        started(time.now()) {}

  void tick();
  void keep_house();
  void expire();
  protocol::content make_content(const std::string& text, protocol::priority priority,
                                 const std::optional<seconds>& expires) const;
  amendable must_be_amendable(const protocol::message_id& id);
  accepted_message amend(const amendable& original, protocol::content_type type,
                         const std::string& text, std::optional<protocol::priority> priority);
  enrolled_patient must_be_enrolled(const std::string& id);
  void audit_start();
  void audit_stop() noexcept;
  /// For what has no row of its own: the record comes first.
  void record(const audit::entry& what) {
    kept.audit.append(time.now(), what);
    kept.audit.mirror_on();
  }

  void refused(std::string_view act, const std::string& whom, const failure& why) noexcept {
    audit::record_refused(kept.audit, time.now(), act, whom, why);
  }

  boost::asio::io_context& io;
  const config settings;
  const clock& time;
  crypto::random_source& random;
  store::directory_lock lock;
  event_hub events;
  crypto::own_identity self;
  records kept;
  protocol::nonce_cache nonces;
  protocol::announcer announcements;
  protocol::doctor_context context;
  crypto_pool pool;
  ward present;
  dispatch messages;
  session_manager sessions;
  escalation unconfirmed;
  reception door;
  boost::asio::steady_timer timer;
  unix_ms started;
  std::chrono::steady_clock::time_point house_kept{};
  std::string told_of;  // the trouble of the last tick
};

void gateway::parts::tick() {
  timer.expires_after(tick_interval);
  timer.async_wait([this](const boost::system::error_code& e) {
    if (e) return;
    // What one of them cannot do (on a full disk) keeps none of the others from its work.
    std::string first_trouble;
    const auto attempt = [&](auto step) {
      try {
        step();
      } catch (const failure& f) {
        if (first_trouble.empty()) first_trouble = f.what();
      }
    };
    attempt([this] { door.tick(); });
    attempt([this] { sessions.tick(); });
    attempt([this] { messages.retry(); });
    attempt([this] { kept.audit.mirror_on(); });
    attempt([this] { expire(); });
    attempt([this] { unconfirmed.tick(); });
    attempt([this] {
      if (time.steady() - house_kept >= housekeeping_interval) keep_house();
    });
    // And it is not told of four times a second.
    const bool is_news = std::exchange(told_of, first_trouble) != first_trouble;
    if (is_news && !first_trouble.empty()) events.publish(trouble{first_trouble});
    tick();
  });
}

void gateway::parts::expire() {
  const auto now = time.now();
  for (const auto& [message, patient] : kept.outbox.expire(now)) {
    events.publish(delivery_changed{message, patient, delivery_state::expired, now});
  }
}

void gateway::parts::keep_house() {
  house_kept = time.steady();
  const auto now = time.now();
  kept.invites.forget_expired(now);
  kept.blocks.forget_expired(now);
  kept.tokens.forget_expired(now);
}

protocol::content gateway::parts::make_content(const std::string& text, protocol::priority priority,
                                               const std::optional<seconds>& expires) const {
  const auto now = time.now();
  return {random.make<protocol::message_id>(),
          now,
          expires ? saturating_add(now, ms(*expires)) : 0,
          protocol::content_type::text,
          priority,
          checked_text(text)};
}

void gateway::parts::audit_start() {
  kept.audit.begin(self, random, settings.data_directory / audit::mirror_name, time.now(),
                   [this](const std::string& what) { events.publish(trouble{what}); });
  record(by_gateway(audit::event::gateway_started,
                    "address=" + net::address_text(door.local()) +
                        " fingerprint=" + to_hex(self.own_fingerprint().view())));
  auto limits = by_gateway(audit::event::configuration, "");
  kept.audit.find({0, "", limits.event, UINT64_MAX, 1},
                  [&](const audit::record& last) { limits.before = last.what.after; });
  limits.after = audit::text_of(settings);
  record(limits);
  // A patient can cause these as often as they like, so they are counted like failed sign-ins.
  events.subscribe([this](const event& e) {
    if (const auto* refusal = std::get_if<frame_refused>(&e)) door.note_refused(*refusal, present);
  });
}

void gateway::parts::audit_stop() noexcept {
  door.audit_counts();
  try {
    record(by_gateway(audit::event::gateway_stopped, ""));
  } catch (const std::exception& e) {
    events.publish(trouble{std::string("the stop was not recorded: ") + e.what()});
  }
}

enrolled_patient gateway::parts::must_be_enrolled(const std::string& id) {
  auto found = kept.patients.find(id);
  if (!found) {
    throw failure(fmt::format("no patient {} is enrolled", printable(id)),
                  "'patients' lists who is");
  }
  return std::move(*found);
}

gateway::gateway(boost::asio::io_context& io, const config& settings, const clock& time,
                 crypto::random_source& random)
    : parts_(std::make_unique<parts>(io, settings, time, random)) {}

gateway::~gateway() = default;

event_hub& gateway::events() { return parts_->events; }

void gateway::start() {
  parts_->audit_start();
  parts_->messages.start();
  parts_->door.start();
  parts_->events.publish(
      listening{net::address_text(parts_->door.local()), parts_->self.own_fingerprint()});
  parts_->tick();
}

void gateway::stop(std::function<void()> done) {
  auto& p = *parts_;
  p.timer.cancel();
  p.door.stop();
  // One count for each last word that is on its way, and one for this function itself.
  const auto left = std::make_shared<std::size_t>(1);
  const auto finished = std::make_shared<std::function<void()>>(std::move(done));
  const std::function<void()> one_less = [left, finished, &p] {
    if (--*left != 0) return;
    p.audit_stop();
    (*finished)();
  };
  const auto count = [&](std::size_t told) { *left += told; };
  constexpr auto reason = protocol::disconnect_reason::shutting_down;
  count(p.sessions.end_all(reason, one_less));
  count(p.door.close_pending({reason, 0, {}}, one_less));
  one_less();
}

const crypto::identity& gateway::identity() const { return parts_->self.public_part(); }

std::uint64_t gateway::record(const audit::entry& what) {
  parts_->record(what);
  return parts_->kept.audit.last().number;
}

gateway_status gateway::status() {
  auto& p = *parts_;
  return {p.settings.id,
          p.self.own_fingerprint(),
          p.self.group().id(),
          net::address_text(p.door.local()),
          p.started,
          p.kept.patients.count(),
          p.present.size(),
          p.door.room().places().size(),
          p.kept.outbox.overdue_messages(),
          p.door.connections(),
          p.present.generation()};
}

std::vector<patient_row> gateway::patients() {
  auto& p = *parts_;
  std::vector<patient_row> out;
  for (const auto& patient : p.kept.patients.all()) {
    const session* s = p.present.find(patient.who.id);
    patient_row row{patient.who.id,
                    patient.key,
                    s != nullptr,
                    p.kept.blocks.is_blocked(patient.key),
                    {},
                    patient.away_since,
                    patient.last_seen,
                    p.kept.outbox.unconfirmed(patient.who.id)};
    if (s != nullptr) {
      row.address = s->address();
      row.since = s->since();
    }
    out.push_back(std::move(row));
  }
  return out;
}

std::vector<waiting_row> gateway::waiting() {
  auto& p = *parts_;
  std::vector<waiting_row> out;
  for (const auto& place : p.door.room().places()) {
    const auto& who = place.who->waiting_stranger();
    if (!who) continue;
    out.push_back({who->who.id, who->key, place.who->address(), who->conflict, place.since,
                   saturating_add(place.since, ms(p.settings.waiting.time))});
  }
  return out;
}

std::vector<invite_summary> gateway::invites() { return parts_->kept.invites.all(); }

std::vector<message_summary> gateway::deliveries(std::size_t limit) {
  return parts_->kept.outbox.recent(limit);
}

message_summary gateway::delivery(const protocol::message_id& id) {
  auto found = parts_->kept.outbox.summary(id);
  if (!found) throw failure("there is no such message", "'deliveries' lists them");
  return std::move(*found);
}

std::vector<incoming> gateway::inbox(std::size_t limit) { return parts_->kept.inbox.recent(limit); }

std::string gateway::invite(const std::string& patient, seconds valid_for,
                            const std::string& host) {
  auto& p = *parts_;
  return make_invite(p.kept, p.self.own_fingerprint(), patient, valid_for,
                     {host, p.door.local().port()}, p.time, p.random);
}

void gateway::withdraw_invite(const std::string& patient) try {
  auto& p = *parts_;
  audit::act whole(p.kept.audit, p.kept.database());
  if (!p.kept.invites.withdraw(patient)) {
    throw failure(fmt::format("{} has no open invite", printable(patient)));
  }
  auto entry = by_operator(audit::event::invite_withdrawn, patient);
  entry.before = "open";
  p.kept.audit.append(p.time.now(), entry);
  whole.commit();
} catch (const failure& why) {
  parts_->refused(audit::event::invite_withdrawn, patient, why);
  throw;
}

void gateway::admit(const std::string& patient, const std::string& key_text, bool replace) try {
  auto& p = *parts_;
  const auto c = p.door.room().find(patient, key_text);
  const auto who = *c->waiting_stranger();
  if (who.conflict && !replace) {
    throw failure(
        fmt::format("{} is enrolled with another key: to admit this one replaces that device",
                    patient),
        "compare the fingerprint with the patient first, then say so expressly (--replace)");
  }
  auto entry = by_operator(audit::event::admitted, patient);
  entry.source = c->address();
  entry.detail = "fingerprint=" + to_hex(who.key.view()) + (who.conflict ? " replace=true" : "");
  p.record(entry);
  p.door.room().leave(*c);
  p.events.publish(waiting_ended{patient, who.key, "admitted"});
  c->admit(replace);
} catch (const failure& why) {
  parts_->refused(audit::event::admitted, patient, why);
  throw;
}

void gateway::refuse(const std::string& patient, const std::string& key_text) try {
  auto& p = *parts_;
  const auto c = p.door.room().find(patient, key_text);
  const auto key = c->waiting_stranger()->key;
  auto entry = by_operator(audit::event::refused, patient);
  entry.source = c->address();
  entry.detail = "fingerprint=" + to_hex(key.view());
  p.record(entry);
  p.events.publish(waiting_ended{patient, key, "refused"});
  c->refuse(errc::refused);
} catch (const failure& why) {
  parts_->refused(audit::event::refused, patient, why);
  throw;
}

void gateway::block(const std::string& patient) try {
  auto& p = *parts_;
  const auto who = p.must_be_enrolled(patient);
  auto entry = by_operator(audit::event::blocked, patient);
  entry.before = p.kept.blocks.is_blocked(who.key) ? "blocked" : "";
  entry.after = "blocked";
  entry.detail = "fingerprint=" + to_hex(who.key.view());
  audit::act whole(p.kept.audit, p.kept.database());
  p.kept.blocks.block_by_operator(who.key, patient, p.time.now());
  p.kept.audit.append(p.time.now(), entry);
  whole.commit();
  p.sessions.end(patient, protocol::disconnect_reason::refused);
} catch (const failure& why) {
  parts_->refused(audit::event::blocked, patient, why);
  throw;
}

void gateway::unblock(const std::string& patient) try {
  auto& p = *parts_;
  audit::act whole(p.kept.audit, p.kept.database());
  bool lifted = false;
  if (const auto who = p.kept.patients.find(patient)) lifted = p.kept.blocks.unblock(who->key);
  for (const auto& b : p.kept.blocks.all(p.time.now())) {
    if (b.id == patient) lifted = p.kept.blocks.unblock(b.key) || lifted;
  }
  if (!lifted) throw failure(fmt::format("{} is not blocked", printable(patient)));
  auto entry = by_operator(audit::event::unblocked, patient);
  entry.before = "blocked";
  p.kept.audit.append(p.time.now(), entry);
  whole.commit();
} catch (const failure& why) {
  parts_->refused(audit::event::unblocked, patient, why);
  throw;
}

void gateway::revoke(const std::string& patient) try {
  auto& p = *parts_;
  auto entry = by_operator(audit::event::revoked, patient);
  entry.before = to_hex(p.must_be_enrolled(patient).key.view());
  audit::act whole(p.kept.audit, p.kept.database());
  const auto now = p.time.now();
  const auto given_up = p.kept.patients.revoke(patient, now);
  p.kept.audit.append(p.time.now(), entry);
  whole.commit();
  p.sessions.end(patient, protocol::disconnect_reason::refused);
  if (!given_up) return;
  for (const auto& message : *given_up) {
    p.events.publish(delivery_changed{message, patient, delivery_state::unreachable, now});
  }
} catch (const failure& why) {
  parts_->refused(audit::event::revoked, patient, why);
  throw;
}

void gateway::disconnect(const std::string& patient) try {
  auto& p = *parts_;
  if (p.present.find(patient) == nullptr) {
    throw failure(fmt::format("{} is not connected", printable(patient)));
  }
  p.record(by_operator(audit::event::disconnected, patient));
  p.sessions.end(patient, protocol::disconnect_reason::session_over);
} catch (const failure& why) {
  parts_->refused(audit::event::disconnected, patient, why);
  throw;
}

std::size_t gateway::disconnect_all() try {
  auto& p = *parts_;
  auto entry = by_operator(audit::event::disconnected, "*");
  entry.detail = fmt::format("sessions={}", p.present.size());
  p.record(entry);
  return p.sessions.end_all(protocol::disconnect_reason::session_over);
} catch (const failure& why) {
  parts_->refused(audit::event::disconnected, "*", why);
  throw;
}

accepted_message gateway::broadcast(const std::string& text, const broadcast_options& options) try {
  auto& p = *parts_;
  const auto content = p.make_content(text, options.priority, options.expires);
  std::vector<std::string> recipients;
  if (options.present_only) {
    for (const session* s : p.present.present()) recipients.push_back(s->id());
  } else {
    recipients = p.kept.patients.ids();
  }
  p.messages.broadcast(content, recipients, options.include_new);
  return {content.id, std::move(recipients)};
} catch (const failure& why) {
  parts_->refused(audit::event::broadcast_accepted, "", why);
  throw;
}

accepted_message gateway::message(const std::string& patient, const std::string& text,
                                  protocol::priority priority,
                                  const std::optional<seconds>& expires) try {
  auto& p = *parts_;
  p.must_be_enrolled(patient);
  const auto content = p.make_content(text, priority, expires);
  p.messages.direct(content, patient);
  return {content.id, {patient}};
} catch (const failure& why) {
  parts_->refused(audit::event::message_accepted, patient, why);
  throw;
}

void gateway::record_backup(const std::string& file, const std::string& result,
                            const std::string& hash) {
  if (result != "begun" && result != "done" && result != "failed")
    throw failure("a backup is begun, done or failed");
  parts_->record(backup_entry(file, result, hash));
}

amendable gateway::parts::must_be_amendable(const protocol::message_id& id) {
  const auto found = kept.amendments.find(id);
  if (!found) throw failure("you have sent no such message", "'deliveries' lists those you have");
  if (found->is_cancelled) throw failure("that message is cancelled already");
  if (found->expires != 0 && found->expires <= time.now()) {
    throw failure("that message has expired", "send a new one");
  }
  return *found;
}

accepted_message gateway::parts::amend(const amendable& original, protocol::content_type type,
                                       const std::string& text,
                                       std::optional<protocol::priority> priority) {
  check_text(text, protocol::max_broadcast_body - protocol::message_id::size);
  // Later than what it takes the place of, also if the clock was set back: that is how a patient
  // tells which correction is the last.
  const protocol::content content{random.make<protocol::message_id>(),
                                  std::max(time.now(), saturating_add(original.created, 1)),
                                  original.expires,
                                  type,
                                  priority.value_or(original.priority),
                                  protocol::amendment_body(original.id, text)};
  auto done = messages.amend(content, original);
  accepted_message out{content.id, std::move(done.recipients)};
  out.recipients.insert(out.recipients.end(), done.unreachable.begin(), done.unreachable.end());
  (content.is_cancellation() ? out.cancels : out.corrects) = original.id;
  return out;
}

accepted_message gateway::correct(const protocol::message_id& id, const std::string& text,
                                  std::optional<protocol::priority> priority) {
  const auto original = parts_->must_be_amendable(id);
  if (text.empty()) throw failure("the correction is empty", "'cancel' takes a message back");
  return parts_->amend(original, protocol::content_type::correction, text, priority);
}

accepted_message gateway::cancel(const protocol::message_id& id, const std::string& reason,
                                 std::optional<protocol::priority> priority) {
  return parts_->amend(parts_->must_be_amendable(id), protocol::content_type::cancellation, reason,
                       priority);
}

}  // namespace wardline::doctor
