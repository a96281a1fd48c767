#pragma once

#include <chrono>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <variant>

#include "common/net/address.hpp"
#include "common/net/framed_connection.hpp"
#include "protocol/group/doctor_group.hpp"
#include "protocol/handshake/doctor_handshake.hpp"
#include "protocol/message/content.hpp"
#include "protocol/message/disconnect.hpp"
#include "protocol/message/receipt.hpp"
#include "protocol/session/heartbeat.hpp"
#include "protocol/session/secure_channel.hpp"
#include "protocol/session/session_keys.hpp"

namespace wardline::doctor {

/// What a patient may send in a session.
using session_input =
    std::variant<protocol::content, protocol::receipt, protocol::check, protocol::disconnect>;

/// One patient's established session: its keys, its rights, what it has been sent. "A session
/// belongs to its connection, never to a claimed id."
class session {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  session(std::shared_ptr<net::framed_connection> connection,
          protocol::authenticated_patient&& patient, seconds heartbeat_interval, const clock& time);

  const std::string& id() const noexcept { return id_; }
  const crypto::fingerprint& key() const noexcept { return key_; }
  /// The number of its connection.
  std::uint64_t connection() const noexcept { return number_; }
  void set_connection(std::uint64_t number) noexcept { number_ = number; }
  std::string address() const { return net::address_text(connection_->remote()); }
  /// The same without the port.
  std::string source() const { return net::source_address(connection_->remote()); }
  protocol::scopes scopes() const noexcept { return scopes_; }
  unix_ms since() const noexcept { return since_; }
  bool receives_broadcasts() const noexcept {
    return (scopes_ & protocol::scope::receive_broadcasts) != 0;
  }

  /// One protected frame.
  void send(protocol::frame_type type, byte_view plaintext);
  /// A broadcast, which many are sent as it is.
  void send_broadcast(std::shared_ptr<const bytes> frame, const protocol::broadcast_position& at);
  void send_group_key(const protocol::group_key& key);
  void send_content(const protocol::content& content);
  void send_receipt(const protocol::receipt& receipt);
  void send_check(bool is_reply, std::uint64_t sequence);

  /// Says why, in a protected frame, and closes once that is written.
  void say_goodbye(const protocol::disconnect& notice, std::function<void()> done = {});

  /// Opens a frame and decodes it. errc::out_of_scope: refused, and the session goes on;
  /// everything else ends it.
  result<session_input> on_frame(const protocol::frame& f, time_point now);

  /// The receipt for a message of the patient's that is on disk.
  protocol::receipt make_receipt(const protocol::content& content, unix_ms now) const;
  result<void> check_receipt(const protocol::receipt& r, byte_view encoded_content) const;

  secret<32> take_group_contribution() noexcept { return std::move(contribution_); }

  /// A backlog goes out as long as this holds, so that a long absence never looks like a patient
  /// who reads too slowly: what is new still finds room beside it.
  bool has_room_for_backlog() const noexcept {
    return connection_->queued_bytes() < connection_->max_queued_bytes() / 4;
  }
  std::optional<time_point> write_stalled_since() const noexcept {
    return connection_->write_stalled_since();
  }
  protocol::heartbeat& beat() noexcept { return beat_; }

  /// Where the next broadcast stands at the earliest, as far as this patient can know: what it has
  /// been sent, not what is being sealed. Generation 0: it has no group key.
  const protocol::broadcast_position& group_state() const noexcept { return group_state_; }

  /// Messages that are to be sent again, oldest first, and those on their way since when.
  std::list<protocol::message_id> backlog;
  std::map<protocol::message_id, time_point> in_flight;
  /// The disk took nothing, and there was no room to remember what the patient sent: it is sent
  /// again in the next session, which is asked for once the disk takes it.
  bool must_come_again = false;

 private:
  std::shared_ptr<net::framed_connection> connection_;
  std::string id_;
  crypto::fingerprint key_;
  protocol::scopes scopes_;
  unix_ms since_;
  std::uint64_t number_ = 0;
  protocol::secure_channel channel_;
  protocol::receipt_key receipt_key_;
  secret<32> contribution_;
  protocol::heartbeat beat_;
  protocol::broadcast_position group_state_{};
};

}  // namespace wardline::doctor
