#pragma once

#include <chrono>
#include <memory>

#include "common/util/clock.hpp"
#include "doctor/config.hpp"
#include "doctor/dispatch.hpp"
#include "doctor/escalation/alarm_program.hpp"
#include "doctor/events.hpp"
#include "doctor/records/records.hpp"
#include "doctor/ward.hpp"

namespace wardline::doctor {

/// Looks after urgent messages and emergencies whose receipts do not come: `resend_after` their
/// sending they are sent again to who is connected, `overdue_after` their acceptance somebody is
/// told, of who is away as well: nobody shall take silence for delivery. Both happen once for each
/// message and patient, also over a restart.
class escalation {
 public:
  escalation(const config& settings, records& kept, ward& present, dispatch& messages,
             event_hub& events, const clock& time);

  /// To be called a few times a second.
  void tick();

 private:
  void send_again(unix_ms now);
  void tell_overdue(unix_ms now);
  overdue make_news(const protocol::message_id& id, std::vector<std::string> patients);
  void tell(const overdue& news);

  const config& settings_;
  records& records_;
  ward& ward_;
  dispatch& dispatch_;
  event_hub& events_;
  const clock& time_;
  std::unique_ptr<alarm_program> program_;
  std::chrono::steady_clock::time_point looked_{};
};

}  // namespace wardline::doctor
