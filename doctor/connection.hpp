#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "common/net/framed_connection.hpp"
#include "doctor/crypto_pool.hpp"
#include "doctor/session.hpp"
#include "doctor/sign_in_view.hpp"
#include "protocol/handshake/doctor_handshake.hpp"

namespace wardline::doctor {

class connection;
struct arrival;

/// What a connection asks of the gateway.
class connection_owner {
 public:
  /// A frame whose answer has to be on disk first. Nothing more is read until `decide` and then
  /// `answer` have been called.
  virtual void on_frame_to_record(connection& c, const protocol::frame& f) = 0;

  /// A patient has proved everything, and is `in`, on disk, or may not be. Begins the session
  /// (begin_session) or closes.
  virtual void on_authenticated(connection& c, protocol::authenticated_patient&& patient,
                                const result<arrival>& in) = 0;

  /// A stranger with a valid signature: errc::ok if there is room for it to wait.
  virtual errc on_stranger(connection& c, const protocol::stranger& who) = 0;

  /// A frame of an established session.
  virtual void on_session_frame(connection& c, const protocol::frame& f) = 0;

  /// What came in an established session is no frame: the connection ends.
  virtual void on_session_without_frame(connection& c, errc cause) = 0;

  /// A handshake has failed.
  virtual void on_handshake_failed(connection& c, const protocol::closing& why) = 0;

  /// The disk failed in the middle of something: nothing was promised, and the connection closes.
  virtual void on_trouble(connection& c, const failure& what) = 0;

  /// The connection is over: told once, last; it may be forgotten.
  virtual void on_ended(connection& c, errc cause) = 0;

 protected:
  ~connection_owner() = default;
};

/// One patient's TCP connection, from accept to the end: first the handshake, whose exponentiations
/// go to the crypto pool, then a session.
class connection final : public net::connection_handler,
                         public std::enable_shared_from_this<connection> {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  connection(std::shared_ptr<net::framed_connection> transport, std::string source,
             connection_owner& owner, crypto_pool& pool, const protocol::doctor_context& context,
             sign_in_view view, const clock& time, std::uint64_t number);

  void start() { transport_->start(*this); }

  const std::string& source() const noexcept { return source_; }
  /// By which its lines in a log are told from those of others.
  std::uint64_t number() const noexcept { return number_; }
  std::string address() const { return net::address_text(transport_->remote()); }
  const std::shared_ptr<net::framed_connection>& transport() const noexcept { return transport_; }

  /// Nothing until it is established.
  session* established() noexcept { return session_.get(); }
  session& begin_session(std::unique_ptr<session> s);

  bool is_waiting() const noexcept { return stranger_ != nullptr; }
  const protocol::stranger* waiting_stranger() const noexcept { return stranger_.get(); }
  void admit(bool replace);
  void refuse(errc cause);
  /// The operator has seen that the id is enrolled with other keys, and admitted it all the same.
  bool may_replace() const noexcept { return may_replace_; }

  /// It has shown nothing yet that costs anybody anything, or that only a patient has.
  bool is_without_request() const noexcept {
    return sign_in_ && sign_in_->handshake.state_name() == "expect_request";
  }

  /// When the handshake must be done; anew after the operator's word.
  time_point handshake_since() const noexcept { return handshake_since_; }
  time_point last_received() const noexcept { return transport_->last_received(); }

  /// What the frame that was put off means. What it changes belongs to the transaction that is
  /// open, and nobody is told before that is on disk.
  protocol::doctor_step decide(byte_view frame);
  /// Calls `what`, which tells the peer, and reads on.
  void answer(const std::function<void()>& what);
  /// Does what the handshake says, but for `established`, which is the owner's.
  void take(protocol::doctor_step step);
  /// The disk has failed.
  void give_up(const failure& what);
  bool has_ended() const noexcept { return ended_; }

  /// Ends it with a word to the peer: protected once a session stands. `done` is called when the
  /// word has been written or given up.
  void close(errc cause, const protocol::disconnect& notice,
             const std::function<void()>& done = {});
  /// Ends it now, without a word.
  void drop(errc cause);

  void on_frame(const protocol::frame& f) override;
  void on_closed(errc cause) override;

 private:
  struct sign_in {
    sign_in(const protocol::doctor_context& context, sign_in_view of)
        : view(std::move(of)), handshake(context, view) {}

    sign_in_view view;
    protocol::doctor_handshake handshake;
  };

  void read_on();
  void compute(std::unique_ptr<protocol::computation> work);
  void computed(std::unique_ptr<protocol::computation> done);
  void end(errc cause);

  std::shared_ptr<net::framed_connection> transport_;
  std::string source_;
  connection_owner& owner_;
  crypto_pool& pool_;
  const clock& time_;
  const std::uint64_t number_;
  std::unique_ptr<sign_in> sign_in_;  // until there is a session
  std::unique_ptr<session> session_;
  std::unique_ptr<protocol::stranger> stranger_;
  bool may_replace_ = false;
  bool computing_ = false;   // a crypto worker has the handshake
  bool is_put_off_ = false;  // a frame is to be recorded first
  bool ended_ = false;
  time_point handshake_since_;
};

}  // namespace wardline::doctor
