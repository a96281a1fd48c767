#include "doctor/gateway.hpp"

#include <utility>

#include "common/util/text_encoding.hpp"
#include "doctor/audit/configuration.hpp"
#include "doctor/audit/names.hpp"
#include "doctor/gateway_parts.hpp"
#include "doctor/identity_file.hpp"
#include "doctor/records/under_way.hpp"

namespace wardline::doctor {
namespace {

constexpr milliseconds tick_interval{250};
constexpr seconds housekeeping_interval{60};
constexpr seconds drain_time{1};
constexpr milliseconds drain_interval{20};
constexpr std::size_t remembered_nonces = 65'536;

store::directory_lock take_directory(const config& settings) {
  store::private_directory(settings.data_directory);
  return {settings.data_directory, "doctor"};
}

audit::entry by_gateway(std::string_view kind, const std::string& detail) {
  audit::entry out;
  out.actor = audit::actor::gateway;
  out.event = kind;
  out.detail = detail;
  return out;
}

}  // namespace

gateway::parts::parts(boost::asio::io_context& the_io, const config& the_settings,
                      const clock& the_time, crypto::random_source& the_random)
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
      context{
          self, time, random, nonces, announcements, settings.clock_window, settings.waiting.time},
      pool(io, settings.crypto_workers, settings.admission.queue),
      present(self.group_secret(), kept, time, random),
      messages(io, self, kept, present, events, time, random),
      sessions(settings, kept, present, messages, events, time, random),
      unconfirmed(settings, kept, present, messages, events, time),
      door(io, settings, context, kept, pool, sessions, events, time),
      timer(io),
      started(time.now()) {}

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

void gateway::parts::audit_start() {
  kept.audit.begin(self, random, settings.data_directory / audit::mirror_name, time.now(),
                   [this](const std::string& what) { events.publish(trouble{what}); });
  record(by_gateway(audit::event::gateway_started,
                    "address=" + net::address_text(door.local()) +
                        " fingerprint=" + to_hex(self.own_fingerprint().view())));
  audit_limits(settings);
  // A patient can cause these as often as they like, so they are counted like failed sign-ins.
  events.subscribe([this](const event& e) {
    if (const auto* refusal = std::get_if<frame_refused>(&e)) door.note_refused(*refusal, present);
  });
}

void gateway::parts::audit_limits(const config& now_in_force) {
  auto limits = by_gateway(audit::event::configuration, "");
  kept.audit.find({0, "", limits.event, UINT64_MAX, 1},
                  [&](const audit::record& last) { limits.before = last.what.after; });
  limits.after = audit::text_of(now_in_force);
  record(limits);
}

void gateway::parts::audit_stop() noexcept {
  door.audit_counts();
  try {
    record(by_gateway(audit::event::gateway_stopped, ""));
  } catch (const std::exception& e) {
    events.publish(trouble{std::string("the stop was not recorded: ") + e.what()});
  }
}

gateway::gateway(boost::asio::io_context& io, const config& settings, const clock& time,
                 crypto::random_source& random)
    : parts_(std::make_unique<parts>(io, settings, time, random)) {}

gateway::~gateway() = default;

event_hub& gateway::events() { return parts_->events; }

void gateway::start() {
  parts_->audit_start();
  parts_->door.start();
  parts_->events.publish(
      listening{net::address_text(parts_->door.local()), parts_->self.own_fingerprint()});
  parts_->tick();
}

void gateway::stop(std::function<void()> done) {
  auto& p = *parts_;
  p.timer.cancel();
  p.door.stop();
  p.drain(p.time.steady() + drain_time, [&p, done = std::move(done)] { p.say_goodbye(done); });
}

/// What was sent a moment ago is being read now, and its receipt comes while the session stands.
void gateway::parts::drain(std::chrono::steady_clock::time_point deadline,
                           std::function<void()> then) {
  bool is_under_way = false;
  try {
    is_under_way = present.size() > 0 && time.steady() < deadline &&
                   has_receipts_under_way(kept.database(), time.now() - ms(drain_time));
  } catch (const failure& e) {
    events.publish(trouble{e.what()});
  }
  if (!is_under_way) return then();
  timer.expires_after(drain_interval);
  timer.async_wait([this, deadline, then = std::move(then)](const boost::system::error_code&) {
    drain(deadline, then);
  });
}

void gateway::parts::say_goodbye(std::function<void()> done) {
  // One count for each last word that is on its way, and one for this function itself.
  const auto left = std::make_shared<std::size_t>(1);
  const auto finished = std::make_shared<std::function<void()>>(std::move(done));
  const std::function<void()> one_less = [left, finished, this] {
    if (--*left != 0) return;
    audit_stop();
    (*finished)();
  };
  const auto count = [&](std::size_t told) { *left += told; };
  constexpr auto reason = protocol::disconnect_reason::shutting_down;
  count(sessions.end_all(reason, one_less));
  count(door.close_pending({reason, 0, {}}, one_less));
  one_less();
}

const std::string& gateway::last_trouble() const { return parts_->told_of; }

void gateway::reconfigure(const config& fresh) {
  auto& p = *parts_;
  config next = fresh;
  next.id = p.settings.id;
  next.data_directory = p.settings.data_directory;
  next.listen = p.settings.listen;
  next.group = p.settings.group;
  next.keys = p.settings.keys;
  next.clock_window = p.settings.clock_window;
  next.crypto_workers = p.settings.crypto_workers;
  next.admission.queue = p.settings.admission.queue;
  next.on_overdue = p.settings.on_overdue;
  p.audit_limits(next);
  p.settings = std::move(next);
  p.context.waiting_time = p.settings.waiting.time;
}

const crypto::identity& gateway::identity() const { return parts_->self.public_part(); }

std::uint64_t gateway::record(const audit::entry& what) {
  parts_->record(what);
  return parts_->kept.audit.last().number;
}

}  // namespace wardline::doctor
