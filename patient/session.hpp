#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "common/crypto/random.hpp"
#include "patient/asking.hpp"
#include "patient/console.hpp"
#include "patient/own_messages.hpp"
#include "patient/records/records.hpp"
#include "protocol/group/patient_group.hpp"
#include "protocol/handshake/patient_handshake.hpp"
#include "protocol/session/heartbeat.hpp"

namespace wardline::patient {

/// Why a session ended.
struct session_end {
  errc cause;
  std::optional<protocol::disconnect> notice;  ///< what the doctor said
};

/// An established session (sections 8 and 9), without a socket: frames in, frames out, messages
/// into the records and onto the console. "Nothing is delivered to a person ... before
/// established".
class session {
 public:
  using time_point = std::chrono::steady_clock::time_point;
  using send_frame = std::function<void(bytes whole_frame)>;

  session(protocol::patient_established&& up, records& kept, console& out, const clock& time,
          send_frame to);

  const std::string& doctor() const noexcept { return doctor_.id; }
  protocol::scopes scopes() const noexcept { return scopes_; }

  /// Sends what has waited for a session: messages without a receipt, acknowledgements.
  void begin();

  /// Something of these returns means that the session is over and the connection must end; the
  /// doctor has been told, where it is to be told.
  std::optional<session_end> on_frame(const protocol::frame& f);
  std::optional<session_end> tick();  ///< about once a second

  /// There is a new message in the outbox.
  void send_messages() {
    guarded([this] { own_.pump(); });
  }

  /// The person has acknowledged it (on disk already).
  void send_acknowledgement(const inbox_message& m);

  void say_goodbye(protocol::disconnect_reason why);

 private:
  struct sent_acknowledgement {
    protocol::message_id id;
    std::uint64_t before_check;  // the reply to this check proves that it has arrived
  };

  void send(protocol::frame_type type, byte_view plaintext);
  void send_receipt(const protocol::content& content, byte_view encoded, unix_ms at,
                    protocol::receipt_state state);
  void send_check(bool is_reply, std::uint64_t sequence);

  std::optional<session_end> on_protected(protocol::frame_type type, byte_view plaintext);
  result<void> on_group_key(byte_view plaintext);
  result<void> on_direct(byte_view plaintext);
  result<void> on_redelivery(const protocol::content& outer);
  result<void> on_receipt(byte_view plaintext);
  result<void> on_check(byte_view plaintext);
  void on_broadcast(const protocol::frame& f);
  result<void> receive(const protocol::content& content, byte_view encoded, bool is_broadcast,
                       bool redelivered);

  void look_for_missing();
  void send_acknowledgements();
  void confirm_acknowledgements(std::uint64_t answered);
  void report_dropped(protocol::frame_type type, errc cause);
  void guarded(const std::function<void()>& work);

  crypto::identity doctor_;
  protocol::secure_channel channel_;
  protocol::receipt_key receipt_key_;
  protocol::scopes scopes_;
  protocol::patient_group group_;
  seconds heartbeat_;
  protocol::heartbeat beat_;
  records& records_;
  console& console_;
  const clock& time_;
  send_frame send_;
  own_messages own_;

  protocol::check doctor_state_{};  // of the doctor's last check
  asking asking_;
  bool told_missing_ = false;
  std::set<protocol::message_id> unstored_;  // came, but could not be kept: to be asked for again
  std::uint64_t last_check_ = 0;             // sequence of our last check
  std::vector<sent_acknowledgement> acknowledgements_;
  std::optional<time_point> confirm_at_;  // when to ask whether they have arrived
  time_point reports_began_{};
  unsigned reports_ = 0;
};

}  // namespace wardline::patient
