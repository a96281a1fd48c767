#pragma once

#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "common/net/listener.hpp"
#include "doctor/admission.hpp"
#include "doctor/audit/flood.hpp"
#include "doctor/connection.hpp"
#include "doctor/session_manager.hpp"
#include "doctor/sign_in_batch.hpp"
#include "doctor/waiting_room.hpp"

namespace wardline::doctor {

/// Accepts connections and brings them through the handshake, within the limits of section 10.
class reception final : public connection_owner {
 public:
  reception(boost::asio::io_context& io, const config& settings,
            const protocol::doctor_context& context, records& kept, crypto_pool& pool,
            session_manager& sessions, event_hub& events, const clock& time);

  void start();
  void stop();
  net::tcp::endpoint local() const { return listener_.local(); }

  waiting_room& room() noexcept { return waiting_room_; }
  std::size_t connections() const noexcept { return connections_.size(); }

  /// Closes those that have no session, with this notice; calls `done` for each. How many.
  std::size_t close_pending(const protocol::disconnect& notice, const std::function<void()>& done);

  /// What has been counted and not recorded yet. To be called at the end.
  void audit_counts() noexcept { flood_.flush(); }

  /// Records a frame that a session refused; who sent it may be connected no more.
  void note_refused(const frame_refused& what, ward& present) noexcept;

  /// Deadlines. To be called a few times a second.
  void tick();

  void on_frame_to_record(connection& c, const protocol::frame& f) override;
  void on_authenticated(connection& c, protocol::authenticated_patient&& patient,
                        const result<arrival>& in) override;
  errc on_stranger(connection& c, const protocol::stranger& who) override;
  void on_session_frame(connection& c, const protocol::frame& f) override;
  void on_session_without_frame(connection& c, errc cause) override;
  void on_handshake_failed(connection& c, const protocol::closing& why) override;
  void on_trouble(connection& c, const failure& what) override;
  void on_ended(connection& c, errc cause) override;

 private:
  void accept(net::tcp::socket socket, const net::tcp::endpoint& peer);
  bool make_room(const std::string& source);
  bool take_place_from_another(std::size_t would_hold);
  void forget_pending(const connection& c);
  void note(std::string_view kind, const connection& c, const std::string& id,
            const std::optional<crypto::fingerprint>& key, std::string_view result,
            std::string_view reason);
  void count_failure(const std::string& source);
  void note_wrong_verifier(const connection& c, const protocol::closing& why);

  const config& settings_;
  const protocol::doctor_context& context_;
  records& records_;
  crypto_pool& pool_;
  session_manager& sessions_;
  event_hub& events_;
  const clock& time_;
  net::listener listener_;
  admission admission_;
  waiting_room waiting_room_;
  audit::flood flood_;
  sign_in_batch to_record_;
  std::unordered_map<const connection*, std::shared_ptr<connection>> connections_;
  // Those without a session: at most `connections_per_source` each, `connections` in all.
  std::unordered_map<std::string, std::vector<connection*>> pending_by_source_;
  std::size_t pending_ = 0;
  std::uint64_t accepted_ = 0;  // connections, since the gateway began
};

}  // namespace wardline::doctor
