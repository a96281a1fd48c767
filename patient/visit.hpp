#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <variant>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "common/net/connector.hpp"
#include "common/net/framed_connection.hpp"
#include "patient/next_move.hpp"
#include "protocol/handshake/patient_handshake.hpp"

namespace wardline::patient {

/// What a visit asks and tells its owner. The owner may call anything of the visit from these; none
/// of them may throw.
class visit_owner {
 public:
  virtual void on_connected() = 0;

  /// Asked once the connection stands: only then a ticket is taken out of the records.
  virtual protocol::known_doctor doctor_to_visit() = 0;

  /// A doctor has announced itself. Nothing: it is pinned, on disk, and the sign-in goes on.
  /// Otherwise what the visit is to end with.
  virtual std::optional<visit_end> on_announced(const crypto::identity& doctor) = 0;

  virtual void on_waiting(seconds at_most) = 0;
  virtual void on_established(protocol::patient_established&& up) = 0;

  /// A frame of the established session.
  virtual void on_session_frame(const protocol::frame& f) = 0;

  /// The visit is over, by itself; its last word, never from inside a call to it.
  virtual void on_end(const visit_end& end) = 0;

 protected:
  ~visit_owner() = default;
};

/// One connection to the doctor: connects, signs in with a deadline on each step, then hands over
/// frames until it ends.
class visit final : public net::connection_handler, public std::enable_shared_from_this<visit> {
 public:
  static constexpr milliseconds connect_deadline{10'000};

  /// `context` refers to things that must outlive the visit.
  visit(boost::asio::io_context& io, net::address where, const protocol::patient_context& context,
        visit_owner& owner);
  ~visit();

  void start();

  bool is_established() const noexcept { return stage_ == visit_end::stage::in_session; }

  void send(bytes frame);

  /// Ends the visit once what was sent has been written; `done` is called then. The owner is not
  /// called any more.
  void close(std::function<void()> done = {});

  void on_frame(const protocol::frame& f) override;
  void on_closed(errc cause) override;

 private:
  void connected(result<boost::asio::ip::tcp::socket> outcome);
  void perform(protocol::patient_step step);
  void set_deadline(milliseconds time);
  void finish(visit_end end);
  void shut(std::function<void()> done);
  visit_end ended(errc cause) const;

  boost::asio::io_context& io_;
  net::address where_;
  const protocol::patient_context context_;
  visit_owner* owner_;  // nullptr once it is not to be called any more
  visit_end::stage stage_ = visit_end::stage::connecting;
  bool used_ticket_ = false;
  bool is_over_ = false;
  std::optional<net::connector> connector_;
  std::shared_ptr<net::framed_connection> connection_;
  std::optional<protocol::patient_handshake> handshake_;
  boost::asio::steady_timer deadline_;
};

}  // namespace wardline::patient
