#include "doctor/session_manager.hpp"

#include <algorithm>

#include "common/store/database.hpp"
#include "common/util/text_encoding.hpp"
#include "doctor/audit/names.hpp"

namespace wardline::doctor {
namespace {

// A patient whose socket takes no byte for so long "is disconnected, never waited for".
constexpr seconds write_stall_limit{30};

constexpr std::size_t max_unkept = 64;  // of the longest: 4 MB

// A disk that is full, or read-only, may be so no more in a while.
bool may_pass(const store::error& e) {
  using kind = store::error_kind;
  return e.kind() == kind::full || e.kind() == kind::read_only || e.kind() == kind::busy;
}

using way = protocol::authenticated_patient::way;

std::string_view name(way how) {
  switch (how) {
    case way::enrolled:
      return "enrolled";
    case way::resumed:
      return "resumed";
    case way::invited:
      return "invited";
    case way::admitted:
      return "admitted";
  }
  return "unknown";
}

audit::entry entry_of(const connection& c, const protocol::authenticated_patient& patient,
                      std::string_view kind) {
  audit::entry out;
  out.actor = audit::actor::patient(patient.who.id);
  out.event = kind;
  out.whom = patient.who.id;
  out.source = c.address();
  return out;
}

}  // namespace

result<void> session_manager::sign_in(const connection& c,
                                      const protocol::authenticated_patient& patient) {
  // Section 6: "looked up once more then", for everything may have changed meanwhile.
  const bool blocked = records_.blocks.is_blocked(patient.key) ||
                       (patient.how != way::resumed &&
                        records_.blocks.is_blocked_at(patient.key, c.source(), time_.now()));
  if (blocked || records_.patients.is_revoked(patient.key)) return errc::refused;

  const auto enrolled = records_.patients.find(patient.who.id);
  const auto enrol = [&] {
    records_.patients.enrol(patient.who, patient.scopes, time_.now());
    audit_enrolment(c, patient, enrolled ? to_hex(enrolled->key.view()) : std::string());
    // Section 9: "a newcomer is sent nothing older, unless the doctor says so for that message".
    if (!enrolled) records_.outbox.include(patient.who.id, time_.now());
  };
  const bool same_key = enrolled && enrolled->key == patient.key;
  switch (patient.how) {
    case way::enrolled:
    case way::resumed:
      if (!same_key) return errc::refused;
      break;
    case way::invited:
      if (enrolled || !records_.invites.spend(patient.who.id, *patient.invite)) {
        return errc::authentication_failed;
      }
      enrol();
      break;
    case way::admitted:
      if (enrolled && !same_key && !c.may_replace()) return errc::conflict;
      if (!same_key) enrol();
      break;
  }
  return {};
}

void session_manager::audit_enrolment(const connection& c,
                                      const protocol::authenticated_patient& patient,
                                      const std::string& old_key) {
  if (patient.how == way::invited) {
    records_.audit.append(time_.now(), entry_of(c, patient, audit::event::invite_spent));
  }
  auto trace = entry_of(c, patient, audit::event::enrolled);
  trace.before = old_key;
  trace.after = to_hex(patient.key.view());
  trace.reason = name(patient.how);
  records_.audit.append(time_.now(), trace);
}

protocol::session_token session_manager::make_token(
    const protocol::authenticated_patient& patient) {
  const auto nonce = random_.make<protocol::token_nonce>();
  const auto secret_token = random_.make_secret<32>();
  const auto now = time_.now();
  const auto ms = [](seconds s) { return static_cast<unix_ms>(milliseconds(s).count()); };
  // Section 7: "lives 8 h at most, and a chain of resumptions ends 24 h after the full handshake".
  const auto expires = std::min(saturating_add(now, ms(settings_.token_lifetime)),
                                saturating_add(patient.chain_began, ms(settings_.chain_lifetime)));
  records_.tokens.keep(patient.who.id, secret_token.view(),
                       protocol::derive_resumption_secret(patient.sk, nonce), patient.scopes,
                       expires, patient.chain_began);
  return {to_bytes(secret_token.view()), nonce, expires, patient.scopes,
          static_cast<std::uint16_t>(settings_.heartbeat.count())};
}

result<arrival> session_manager::admit(const connection& c,
                                       const protocol::authenticated_patient& patient) {
  if (const auto ok = sign_in(c, patient); !ok) return ok.error();
  auto token = make_token(patient);
  arrival in{protocol::encode_secret(token), dispatch_.backlog_of(patient.who.id)};
  wipe(token.token);
  records_.patients.arrived(patient.who.id, time_.now());
  auto trace = entry_of(c, patient, audit::event::signed_in);
  trace.reason = name(patient.how);
  trace.detail = "fingerprint=" + to_hex(patient.key.view());
  records_.audit.append(time_.now(), trace);
  return in;
}

void session_manager::begin(connection& c, protocol::authenticated_patient&& patient,
                            const arrival& in) {
  const std::string id = patient.who.id;
  const patient_authenticated news{id,
                                   patient.key,
                                   c.address(),
                                   patient.how == way::resumed,
                                   patient.how == way::invited || patient.how == way::admitted,
                                   c.number()};
  // Section 11: "a second session of the same identity replaces the first (replaced) only once it
  // is established".
  end(id, protocol::disconnect_reason::replaced);

  session& s = c.begin_session(
      std::make_unique<session>(c.transport(), std::move(patient), settings_.heartbeat, time_));
  entries_.emplace(id, entry{c.shared_from_this(), {}});
  s.send(protocol::frame_type::session_token, in.token.view());
  ward_.join(s);
  events_.publish(news);
  dispatch_.on_joined(s, in.backlog);
}

void session_manager::on_frame(connection& c, const protocol::frame& f) {
  // Section 9: "An unprotected DISCONNECT is only a hint: either end ignores it once a session
  // stands".
  if (f.type == protocol::frame_type::disconnect && !f.is_protected) return;

  session& s = *c.established();
  auto input = s.on_frame(f, time_.steady());
  if (input) {
    std::visit([&](const auto& message) { handle(c, message); }, *input);
    return;
  }
  const errc cause = to_errc(input.error());
  events_.publish(frame_refused{s.id(), cause, std::string(protocol::name(f.type)), c.number()});
  if (cause == errc::out_of_scope) return;
  if (cause == errc::invalid_tag) {
    // Section 8: "A tag that fails ends the connection." Without a word: anybody on the path can
    // flip a bit, and the patient shall simply come back.
    c.drop(cause);
    return;
  }
  c.close(cause, {protocol::reason_for_peer(cause), 0, {}});
}

void session_manager::handle(connection& c, const protocol::content& content) {
  // In the order in which they came: behind those that wait.
  if (!unkept_.empty()) return wait_for_disk(c, content);
  try {
    keep(c, content);
  } catch (const store::error& e) {
    if (!may_pass(e)) throw;
    wait_for_disk(c, content);
    events_.publish(trouble{std::string("messages of patients wait: ") + e.what()});
  }
}

// Without a receipt the patient has it still: it is sent again in the next session at the latest.
void session_manager::wait_for_disk(connection& c, const protocol::content& content) {
  if (unkept_.size() < max_unkept) {
    unkept_.push_back({c.shared_from_this(), content});
  } else {
    c.established()->must_come_again = true;
  }
}

void session_manager::keep_unkept() {
  while (!unkept_.empty()) {
    auto first = std::move(unkept_.front());
    unkept_.pop_front();
    try {
      keep(*first.link, first.content);
    } catch (const store::error& e) {
      if (!may_pass(e)) throw;
      unkept_.push_front(std::move(first));
      return;
    }
  }
}

void session_manager::keep(connection& c, const protocol::content& content) {
  session& s = *c.established();
  audit::act whole(records_.audit, records_.database());
  const bool is_new = records_.inbox.keep(s.id(), content, time_.now());
  if (is_new) {
    audit::entry trace;
    trace.actor = audit::actor::patient(s.id());
    trace.event = audit::event::message_received;
    trace.source = s.address();
    trace.detail =
        "message_id=" + to_hex(content.id.view()) + " size=" + std::to_string(content.body.size());
    records_.audit.append(time_.now(), trace);
  }
  whole.commit();
  s.send_receipt(s.make_receipt(content, time_.now()));
  if (is_new) events_.publish(message_received{s.id(), content});
}

void session_manager::handle(connection& c, const protocol::receipt& receipt) {
  dispatch_.on_receipt(*c.established(), receipt);
}

void session_manager::handle(connection& c, const protocol::check& check) {
  session& s = *c.established();
  if (check.is_reply) {
    s.beat().answered(check.sequence);
    return;
  }
  // The patient takes it from the answer that what it sent before has been heard, and says it no
  // more: so that must be on disk.
  if (dispatch_.keep_receipts(s)) {
    s.send_check(true, check.sequence);
  } else {
    // A sign of life all the same, or it would take us for dead.
    s.send_check(false, s.beat().next_sequence(time_.steady()));
  }
  dispatch_.on_asked(s);
}

void session_manager::handle(connection& c, const protocol::disconnect& notice) {
  entries_.at(c.established()->id()).reason = protocol::name(notice.reason);
  c.drop(errc::ok);
}

void session_manager::on_ended(connection& c, errc cause) {
  const session& s = *c.established();
  const auto found = entries_.find(s.id());
  if (found == entries_.end() || found->second.link.get() != &c) return;
  ward_.leave(s);
  const auto ended = std::move(found->second);
  entries_.erase(found);
  std::erase_if(unkept_, [&](const unkept& u) { return u.link.get() == &c; });
  if (ended.reason != protocol::name(protocol::disconnect_reason::replaced)) left(s.id());
  events_.publish(patient_disconnected{
      s.id(), ended.reason.empty() ? std::string(name(cause)) : ended.reason, c.number()});
}

void session_manager::left(const std::string& id) {
  try {
    records_.patients.left(id, time_.now());
  } catch (const failure& e) {
    events_.publish(trouble{std::string("last seen not recorded: ") + e.what()});
  }
}

bool session_manager::end(const std::string& id, protocol::disconnect_reason reason,
                          const std::function<void()>& done) {
  const auto found = entries_.find(id);
  if (found == entries_.end()) return false;
  found->second.reason = protocol::name(reason);
  const auto link = found->second.link;
  link->close(errc::ok, {reason, 0, {}}, done);
  return true;
}

std::size_t session_manager::end_all(protocol::disconnect_reason reason,
                                     const std::function<void()>& done) {
  std::vector<std::string> ids;
  for (const auto& [id, e] : entries_) ids.push_back(id);
  for (const auto& id : ids) end(id, reason, done);
  return ids.size();
}

void session_manager::tick() {
  keep_unkept();
  const bool disk_takes_all = unkept_.empty() && !dispatch_.has_unkept();
  const auto now = time_.steady();
  std::vector<std::shared_ptr<connection>> links;  // a session may end while it is looked at
  rounds_.turn(entries_, [&](const std::string&, const entry& e) { links.push_back(e.link); });

  for (const auto& link : links) {
    session* s = link->established();
    const auto stalled = s->write_stalled_since();
    if (stalled && now - *stalled > write_stall_limit) {
      link->drop(errc::timed_out);
      continue;
    }
    if (s->must_come_again && disk_takes_all) {
      end(s->id(), protocol::disconnect_reason::idle);
      continue;
    }
    switch (s->beat().tick(now)) {
      case protocol::heartbeat::verdict::nothing:
        break;
      case protocol::heartbeat::verdict::send_check:
        s->send_check(false, s->beat().next_sequence(now));
        break;
      case protocol::heartbeat::verdict::dead:
        end(s->id(), protocol::disconnect_reason::idle);
        continue;
    }
    if (!s->backlog.empty()) dispatch_.pump(*s);
  }
}

}  // namespace wardline::doctor
