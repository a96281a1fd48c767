#include "doctor/reception.hpp"

#include <algorithm>
#include <utility>

#include "common/util/text_encoding.hpp"
#include "doctor/audit/names.hpp"

namespace wardline::doctor {
namespace {

// Section 10: "frames that do not decode, authentication failures, tokens with a bad tag or binder"
// count against the source; "busy, clock_skew, an expired token and a silent connection do not".
bool counts_against_source(const protocol::closing& why) {
  switch (why.cause) {
    case errc::protocol_error:
    case errc::invalid_encoding:
    case errc::invalid_element:
    case errc::invalid_signature:
    case errc::invalid_tag:
    case errc::authentication_failed:
    case errc::wrong_verifier:
      return true;
    case errc::token_refused:
      return why.bad_binder;
    default:
      return false;
  }
}

// The one of these that has been silent longest, or nullptr if none of them may give way.
std::shared_ptr<connection> quietest_of(const std::vector<connection*>& of,
                                        bool (*may_give_way)(const connection& c)) {
  connection* quietest = nullptr;
  for (auto* const c : of) {
    if (!may_give_way(*c)) continue;
    if (quietest == nullptr || c->last_received() < quietest->last_received()) quietest = c;
  }
  return quietest == nullptr ? nullptr : quietest->shared_from_this();
}

}  // namespace

reception::reception(boost::asio::io_context& io, const config& settings,
                     const protocol::doctor_context& context, records& kept, crypto_pool& pool,
                     session_manager& sessions, event_hub& events, const clock& time)
    : settings_(settings),
      context_(context),
      records_(kept),
      pool_(pool),
      sessions_(sessions),
      events_(events),
      time_(time),
      listener_(io, settings.listen),
      admission_(settings.admission, time),
      waiting_room_(settings.waiting, time),
      flood_(kept.audit, time,
             [&events](const std::string& what) { events.publish(trouble{what}); }),
      to_record_(io, kept, sessions, *this) {}

void reception::start() {
  listener_.start([this](net::tcp::socket socket, const net::tcp::endpoint& peer) {
    accept(std::move(socket), peer);
  });
}

void reception::stop() { listener_.stop(); }

void reception::accept(net::tcp::socket socket, const net::tcp::endpoint& peer) {
  const auto source = net::source_address(peer);
  auto transport =
      net::framed_connection::make(std::move(socket), time_, {.bytes = settings_.max_queued_bytes});
  auto c = std::make_shared<connection>(std::move(transport), source, *this, pool_, context_,
                                        sign_in_view(records_, admission_, pool_, time_, source),
                                        time_, ++accepted_);
  const bool has_room = make_room(source);
  connections_.emplace(c.get(), c);
  ++pending_;
  pending_by_source_[source].push_back(c.get());
  if (has_room) {
    c->start();
  } else {
    c->close(errc::busy, {protocol::disconnect_reason::busy, 5, {}});
  }
}

// Section 10: "1,024; 32 per source address, where the one that has been silent longest makes room
// for a newcomer".
bool reception::make_room(const std::string& source) {
  const auto of_source = pending_by_source_.find(source);
  std::size_t held = 0;
  if (of_source != pending_by_source_.end()) held = of_source->second.size();
  if (held >= settings_.admission.connections_per_source) {
    const auto quietest =
        quietest_of(of_source->second, [](const connection& c) { return !c.is_waiting(); });
    if (quietest == nullptr) return false;
    quietest->drop(errc::busy);
    --held;
  }
  return pending_ < settings_.admission.connections || take_place_from_another(held + 1);
}

// All places are taken, and the newcomer's address would hold `would_hold` of them. Whoever holds
// more gives one of its own up, so that nobody keeps others out by holding many: of the address
// that holds most, the connection without a request that has been silent longest. An address never
// loses a place to one that holds as many, and so a crowd of honest patients takes nothing from
// each other.
bool reception::take_place_from_another(std::size_t would_hold) {
  std::size_t most = would_hold;
  std::shared_ptr<connection> gives_way;
  for (const auto& [source, held] : pending_by_source_) {
    if (held.size() <= most) continue;
    const auto quietest =
        quietest_of(held, [](const connection& c) { return c.is_without_request(); });
    if (quietest == nullptr) continue;
    most = held.size();
    gives_way = quietest;
  }
  if (gives_way == nullptr) return false;
  gives_way->drop(errc::busy);
  return true;
}

void reception::forget_pending(const connection& c) {
  --pending_;
  const auto of_source = pending_by_source_.find(c.source());
  auto& held = of_source->second;
  held.erase(std::find(held.begin(), held.end(), &c));
  if (held.empty()) pending_by_source_.erase(of_source);
}

void reception::on_frame_to_record(connection& c, const protocol::frame& f) {
  to_record_.add(c.shared_from_this(), f);
}

void reception::on_authenticated(connection& c, protocol::authenticated_patient&& patient,
                                 const result<arrival>& in) {
  if (!in) {
    const errc cause = to_errc(in.error());
    note(audit::event::sign_in_failed, c, patient.who.id, patient.key, "failed", name(cause));
    events_.publish(sign_in_failed{c.address(), cause, patient.who.id, patient.key, c.number()});
    c.close(cause, {protocol::disconnect_reason::refused, 0, {}});
    return;
  }
  forget_pending(c);  // it has a session, even if the disk fails in the midst of its beginning
  sessions_.begin(c, std::move(patient), *in);
}

errc reception::on_stranger(connection& c, const protocol::stranger& who) {
  const errc outcome = waiting_room_.enter(c);
  if (outcome == errc::ok) {
    note(audit::event::waiting, c, who.who.id, who.key, "done", who.conflict ? "conflict" : "");
    events_.publish(waiting{who.who.id, who.key, c.address(), who.conflict, c.number()});
  }
  return outcome;
}

void reception::on_session_frame(connection& c, const protocol::frame& f) {
  sessions_.on_frame(c, f);
}

// Section 11: "A frame that the state does not name is a protocol error: DISCONNECT, closed,
// audited."
void reception::on_session_without_frame(connection& c, errc cause) {
  events_.publish(frame_refused{c.established()->id(), cause, "no frame", c.number()});
}

void reception::on_handshake_failed(connection& c, const protocol::closing& why) {
  note(audit::event::sign_in_failed, c, why.id, why.key, "failed", name(why.cause));
  events_.publish(sign_in_failed{c.address(), why.cause, why.id, why.key, c.number()});
  if (why.cause == errc::wrong_verifier && why.key && !why.after_resumption) {
    try {
      note_wrong_verifier(c, why);
    } catch (const failure& e) {
      on_trouble(c, e);
    }
  }
  if (counts_against_source(why)) count_failure(c.source());
}

// Anybody can cause these, as often as they like.
void reception::note(std::string_view kind, const connection& c, const std::string& id,
                     const std::optional<crypto::fingerprint>& key, std::string_view result,
                     std::string_view reason) {
  audit::entry entry;
  entry.actor = audit::actor::stranger;
  entry.event = kind;
  entry.whom = id;
  entry.source = c.source();
  entry.result = result;
  entry.reason = reason;
  if (key) entry.detail = "fingerprint=" + to_hex(key->view());
  flood_.note(entry);
}

void reception::note_refused(const frame_refused& what, ward& present) noexcept {
  audit::entry entry;
  entry.actor = audit::actor::patient(what.id);
  entry.event = audit::event::frame_refused;
  if (const session* s = present.find(what.id)) entry.source = s->source();
  entry.result = "refused";
  entry.reason = name(what.cause);
  entry.detail = "what=" + what.what;
  flood_.note(entry);
}

void reception::count_failure(const std::string& source) {
  if (admission_.failed(source)) {
    audit::entry closed;
    closed.actor = audit::actor::gateway;
    closed.event = audit::event::source_closed;
    closed.source = source;
    closed.detail = "seconds=" + std::to_string(settings_.admission.close_for.count());
    flood_.note(closed);
    events_.publish(source_closed{source, settings_.admission.close_for});
  }
}

// Section 6: "the third within an hour for the same key from the same source address blocks that
// key at that address".
void reception::note_wrong_verifier(const connection& c, const protocol::closing& why) {
  const auto now = time_.now();
  const auto until =
      saturating_add(now, static_cast<unix_ms>(milliseconds(settings_.verifier_block).count()));
  audit::act whole(records_.audit, records_.database());
  const bool blocks = records_.blocks.note_wrong_verifier(*why.key, why.id, c.source(), now, until);
  if (blocks) {
    audit::entry entry;
    entry.actor = audit::actor::gateway;
    entry.event = audit::event::key_blocked;
    entry.whom = why.id;
    entry.source = c.source();
    entry.reason = name(errc::wrong_verifier);
    entry.detail = "fingerprint=" + to_hex(why.key->view()) + " until=" + std::to_string(until);
    records_.audit.append(now, entry);
  }
  whole.commit();
  if (blocks) {
    events_.publish(key_blocked{why.id, *why.key, c.source(), until});
  }
}

void reception::on_trouble(connection& c, const failure& what) {
  events_.publish(trouble{c.address() + ": " + what.what()});
}

void reception::on_ended(connection& c, errc cause) {
  const auto self = c.shared_from_this();
  if (const auto* who = c.waiting_stranger()) {
    note(audit::event::waiting_ended, c, who->who.id, who->key, "done", "connection_lost");
    events_.publish(waiting_ended{who->who.id, who->key, "connection_lost", c.number()});
  }
  waiting_room_.leave(c);
  connections_.erase(&c);
  if (c.established() != nullptr) {
    sessions_.on_ended(c, cause);
    return;
  }
  forget_pending(c);
}

std::size_t reception::close_pending(const protocol::disconnect& notice,
                                     const std::function<void()>& done) {
  std::vector<std::shared_ptr<connection>> pending;
  for (const auto& [source, held] : pending_by_source_) {
    for (connection* c : held) pending.push_back(c->shared_from_this());
  }
  for (const auto& c : pending) c->close(errc::ok, notice, done);
  return pending.size();
}

void reception::tick() {
  flood_.tick();
  for (const auto& c : waiting_room_.overdue()) {
    const auto who = *c->waiting_stranger();
    note(audit::event::waiting_ended, *c, who.who.id, who.key, "done", "timed_out");
    c->refuse(errc::timed_out);
    events_.publish(waiting_ended{who.who.id, who.key, "timed_out", c->number()});
  }
  std::vector<std::shared_ptr<connection>> late;
  const auto now = time_.steady();
  for (const auto& [source, held] : pending_by_source_) {
    for (connection* c : held) {
      if (!c->is_waiting() && now - c->handshake_since() > settings_.handshake_deadline)
        late.push_back(c->shared_from_this());
    }
  }
  for (const auto& c : late) c->drop(errc::timed_out);
}

}  // namespace wardline::doctor
