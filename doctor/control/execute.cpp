#include "doctor/control/execute.hpp"

#include <cctype>

#include <nlohmann/json.hpp>

#include "common/util/text_encoding.hpp"
#include "doctor/audit/names.hpp"
#include "doctor/control/audit_entry.hpp"
#include "doctor/gateway.hpp"
#include "doctor/views_json.hpp"
#include "protocol/message/invite.hpp"

namespace wardline::doctor::control {

namespace {

using json = nlohmann::ordered_json;

constexpr std::size_t listed_messages = 100;

json done(const std::string& patient, std::string_view what) {
  return {{"patient", patient}, {"result", what}};
}

/// The message whose id begins with these digits; one that is named in part must be a recent one.
message_summary named(gateway& at, std::string digits) {
  for (auto& c : digits) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  if (const auto whole = from_hex(digits))
    if (const auto id = protocol::message_id::from(*whole)) return at.delivery(*id);
  std::optional<protocol::message_id> found;
  for (const auto& m : at.deliveries(listed_messages)) {
    if (to_hex(m.id.view()).compare(0, digits.size(), digits) != 0) continue;
    if (found) throw failure("several messages begin with " + digits, "give more of its digits");
    found = m.id;
  }
  if (!found) throw failure("no recent message begins with " + digits, "'deliveries' lists them");
  return at.delivery(*found);
}

template <class Request>
void check_times(const Request& r) {
  if (r.wait > longest_wait) throw failure("a command waits for a day at most");
  if constexpr (requires { r.expires; }) {
    if (r.expires && (*r.expires < shortest_expiry || *r.expires > longest_expiry))
      throw failure("a message expires after 1 second to 365 days");
  }
}

struct executor {
  gateway& at;
  json& result;

  using answer = std::optional<awaited>;

  answer operator()(const identity_request&) const {
    const auto s = at.status();
    return now(view::identity(s.id, s.group, s.fingerprint));
  }
  answer operator()(const status_request&) const { return now(view::status(at.status())); }
  answer operator()(const patients_request&) const { return now(view::patients(at.patients())); }
  answer operator()(const waiting_request&) const { return now(view::waiting(at.waiting())); }
  answer operator()(const invites_request&) const { return now(view::invites(at.invites())); }
  answer operator()(const inbox_request&) const {
    return now(view::inbox(at.inbox(listed_messages)));
  }
  answer operator()(const deliveries_request& r) const {
    return now(r.message.empty() ? view::deliveries(at.deliveries(listed_messages))
                                 : view::delivery(named(at, r.message)));
  }
  answer operator()(const invite_request& r) const {
    const auto host = r.host.empty() ? net::parse_address(at.status().address).host : r.host;
    const auto text = at.invite(r.patient, r.valid_for, host);
    return now(view::invite(r.patient, text, protocol::invite_from_text(text).value().expires));
  }
  answer operator()(const withdraw_request& r) const {
    at.withdraw_invite(r.patient);
    return now(done(r.patient, "withdrawn"));
  }
  answer operator()(const admit_request& r) const {
    at.admit(r.patient, r.fingerprint, r.replace);
    return now(done(r.patient, "admitted"));
  }
  answer operator()(const refuse_request& r) const {
    at.refuse(r.patient, r.fingerprint);
    return now(done(r.patient, "refused"));
  }
  answer operator()(const block_request& r) const {
    at.block(r.patient);
    return now(done(r.patient, "blocked"));
  }
  answer operator()(const unblock_request& r) const {
    at.unblock(r.patient);
    return now(done(r.patient, "unblocked"));
  }
  answer operator()(const revoke_request& r) const {
    at.revoke(r.patient);
    return now(done(r.patient, "revoked"));
  }
  answer operator()(const disconnect_request& r) const {
    at.disconnect(r.patient);
    return now(done(r.patient, "disconnected"));
  }
  answer operator()(const disconnect_all_request&) const {
    return now({{"disconnected", at.disconnect_all()}});
  }
  answer operator()(const broadcast_request& r) const {
    recorded_if_refused(audit::event::broadcast_accepted, "", [&] { check_times(r); });
    return sent(at.broadcast(r.text, {r.priority, r.present, r.expires, r.include_new}), r.wait);
  }
  answer operator()(const message_request& r) const {
    recorded_if_refused(audit::event::message_accepted, r.patient, [&] { check_times(r); });
    return sent(at.message(r.patient, r.text, r.priority, r.expires), r.wait);
  }

  answer operator()(const doctor_key_request&) const {
    return now({{"doctor", to_hex(crypto::encode(at.identity()))}});
  }
  answer operator()(const audit_read_request& r) const { return recorded(entry_of(r)); }
  answer operator()(const audit_export_request& r) const { return recorded(entry_of(r)); }
  answer operator()(const audit_verified_request& r) const { return recorded(entry_of(r)); }

  answer recorded(const audit::entry& what) const { return now({{"record", at.record(what)}}); }
  answer operator()(const record_backup_request& r) const {
    at.record_backup(r.file, r.result, r.sha256);
    return now({{"recorded", r.result}});
  }
  answer operator()(const correct_request& r) const {
    const auto id = original(audit::event::correction_accepted, r);
    return sent(at.correct(id, r.text, r.priority), r.wait);
  }
  answer operator()(const cancel_request& r) const {
    const auto id = original(audit::event::cancellation_accepted, r);
    return sent(at.cancel(id, r.reason, r.priority), r.wait);
  }

  /// The gateway records what it refuses itself; this is for what never reaches it.
  template <class Check>
  void recorded_if_refused(std::string_view act, const std::string& whom, Check check) const try {
    check();
  } catch (const failure& why) {
    at.record_refused(act, whom, why);
    throw;
  }
  template <class Request>
  protocol::message_id original(std::string_view act, const Request& r) const {
    protocol::message_id out;
    recorded_if_refused(act, r.message, [&] {
      check_times(r);
      out = named(at, r.message).id;
    });
    return out;
  }

  answer now(json value) const {
    result = std::move(value);
    return std::nullopt;
  }
  answer sent(const accepted_message& m, const std::optional<seconds>& wait) const {
    if (wait) return awaited{m.id, *wait};
    return now(view::accepted(m));
  }
};

}  // namespace

std::optional<awaited> execute(gateway& at, const request& r, json& result) {
  return std::visit(executor{at, result}, r);
}

}  // namespace wardline::doctor::control
