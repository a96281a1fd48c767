#pragma once

#include <string>

#include <boost/asio/steady_timer.hpp>

#include "common/store/directory.hpp"
#include "doctor/audit/refused.hpp"
#include "doctor/crypto_pool.hpp"
#include "doctor/dispatch.hpp"
#include "doctor/escalation/escalation.hpp"
#include "doctor/gateway.hpp"
#include "doctor/reception.hpp"
#include "doctor/session_manager.hpp"
#include "doctor/ward.hpp"

namespace wardline::doctor {

inline unix_ms ms(seconds s) { return static_cast<unix_ms>(milliseconds(s).count()); }

/// What a gateway consists of: gateway.cpp runs it, gateway_acts.cpp and gateway_lists.cpp are what
/// the operator can do with it. Built in this order, destroyed in the other: the pool ends before
/// what its work refers to.
struct gateway::parts {
  parts(boost::asio::io_context& the_io, const config& the_settings, const clock& the_time,
        crypto::random_source& the_random);

  void tick();
  void keep_house();
  void drain(std::chrono::steady_clock::time_point deadline, std::function<void()> then);
  void say_goodbye(std::function<void()> done);
  void expire();
  protocol::content make_content(const std::string& text, protocol::priority priority,
                                 const std::optional<seconds>& expires) const;
  amendable must_be_amendable(const protocol::message_id& id);
  accepted_message amend(const amendable& original, protocol::content_type type,
                         const std::string& text, std::optional<protocol::priority> priority);
  enrolled_patient must_be_enrolled(const std::string& id);
  void audit_start();
  void audit_limits(const config& now_in_force);
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
  config settings;
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

}  // namespace wardline::doctor
