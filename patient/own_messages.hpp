#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <unordered_map>

#include "common/util/clock.hpp"
#include "patient/console.hpp"
#include "patient/records/outbox.hpp"
#include "protocol/message/scopes.hpp"
#include "protocol/session/session_keys.hpp"

namespace wardline::patient {

/// The person's messages in one session: sends what has no receipt yet, a few at a time, and checks
/// the receipts. What stays without one is sent again in the next session.
class own_messages {
 public:
  using time_point = std::chrono::steady_clock::time_point;
  using send = std::function<void(byte_view encoded_content)>;

  static constexpr std::size_t window = 8;    ///< on their way at once
  static constexpr seconds receipt_time{30};  ///< then its place in the window is another's

  own_messages(patient::outbox& kept, std::string doctor, protocol::receipt_key key,
               protocol::scopes allowed, console& out, const clock& time, send to)
      : outbox_(kept),
        doctor_(std::move(doctor)),
        key_(std::move(key)),
        allowed_(allowed),
        console_(out),
        time_(time),
        send_(std::move(to)) {}

  /// Sends what may be sent now.
  void pump();

  /// errc::wrong_proof if it is for nothing that we sent, or its proof differs.
  result<void> on_receipt(const protocol::receipt& r);

 private:
  void advance(const protocol::message_id& id, delivery_state state);

  patient::outbox& outbox_;
  std::string doctor_;
  protocol::receipt_key key_;
  protocol::scopes allowed_;
  console& console_;
  const clock& time_;
  send send_;
  std::int64_t last_sent_ = 0;  // number of the last message sent in this session
  std::unordered_map<protocol::message_id, time_point> in_flight_;
};

}  // namespace wardline::patient
