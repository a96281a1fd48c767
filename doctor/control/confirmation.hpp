#pragma once

#include <functional>
#include <set>
#include <string>

#include <boost/asio/steady_timer.hpp>

#include "doctor/control/execute.hpp"
#include "doctor/events.hpp"

namespace wardline::doctor::control {

/// Waits until each recipient of a message has decrypted it or never will, or until time is up.
/// Then, or when it is told to end, it calls `done`, once, and never from within its constructor.
/// Destroyed earlier it calls nothing.
class confirmation {
 public:
  confirmation(boost::asio::io_context& io, gateway& at, const awaited& what,
               std::function<void()> done);
  confirmation(const confirmation&) = delete;
  confirmation& operator=(const confirmation&) = delete;
  ~confirmation();

  void end();

 private:
  void on_event(const event& e);

  gateway& at_;
  const protocol::message_id message_;
  std::function<void()> done_;
  std::set<std::string> outstanding_;
  boost::asio::steady_timer timer_;
  int subscription_;
};

}  // namespace wardline::doctor::control
