#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "common/cli/service_manager.hpp"

namespace wardline::doctor {

class gateway;

/// Tells the service manager how the gateway is, with a timer of the I/O thread's: if that is
/// stuck, the signs of life end, and the service is begun anew.
class service {
 public:
  service(boost::asio::io_context& io, cli::service_manager& to, gateway& at);

  /// It listens.
  void begin();
  void reloading() { to_.reloading(); }
  void reloaded() { to_.ready(); }
  void stopping();

 private:
  void tick();
  void tell();

  cli::service_manager& to_;
  gateway& at_;
  boost::asio::steady_timer timer_;
  bool is_stopping_ = false;
};

}  // namespace wardline::doctor
