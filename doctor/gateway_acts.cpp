// What the operator has the gateway do. Each act leaves a record, done or refused.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "common/util/text_encoding.hpp"
#include "doctor/audit/names.hpp"
#include "doctor/backup/backup_entry.hpp"
#include "doctor/gateway_parts.hpp"
#include "doctor/make_invite.hpp"
#include "doctor/waiting_room.hpp"
#include "protocol/message/amendment.hpp"

namespace wardline::doctor {
namespace {

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

}  // namespace

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

enrolled_patient gateway::parts::must_be_enrolled(const std::string& id) {
  auto found = kept.patients.find(id);
  if (!found) {
    throw failure(fmt::format("no patient {} is enrolled", printable(id)),
                  "'patients' lists who is");
  }
  return std::move(*found);
}

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
  p.events.publish(waiting_ended{patient, who.key, "admitted", c->number()});
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
  p.events.publish(waiting_ended{patient, key, "refused", c->number()});
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
  p.kept.outbox.complete();
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

void gateway::record_refused(std::string_view act, const std::string& whom,
                             const failure& why) noexcept {
  parts_->refused(act, whom, why);
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
                                  std::optional<protocol::priority> priority) try {
  const auto original = parts_->must_be_amendable(id);
  if (text.empty()) throw failure("the correction is empty", "'cancel' takes a message back");
  return parts_->amend(original, protocol::content_type::correction, text, priority);
} catch (const failure& why) {
  parts_->refused(audit::event::correction_accepted, to_hex(id.view()), why);
  throw;
}

accepted_message gateway::cancel(const protocol::message_id& id, const std::string& reason,
                                 std::optional<protocol::priority> priority) try {
  return parts_->amend(parts_->must_be_amendable(id), protocol::content_type::cancellation, reason,
                       priority);
} catch (const failure& why) {
  parts_->refused(audit::event::cancellation_accepted, to_hex(id.view()), why);
  throw;
}

}  // namespace wardline::doctor
