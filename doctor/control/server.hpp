#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <set>

#include <boost/asio/steady_timer.hpp>

#include "common/util/clock.hpp"
#include "doctor/control/socket.hpp"

namespace wardline::doctor {
class gateway;
}

namespace wardline::doctor::control {

struct server_limits {
  std::size_t clients = 32;
  milliseconds request_deadline{10'000};  ///< for the whole line
  milliseconds reply_deadline{30'000};
};

/// Answers the operator's commands: each connection asks one thing (request.hpp) and is closed
/// after the answer (reply.hpp). Runs on the gateway's thread and never holds it up.
class server {
 public:
  /// The gateway holds the lock of `directory`, and outlives the server. Throws `failure`.
  server(boost::asio::io_context& io, gateway& at, const std::filesystem::path& directory,
         const server_limits& limits = {});
  ~server();

  /// Takes no more requests, answers those that wait for receipts with how far they are, and
  /// removes the socket.
  void stop();

 private:
  class client;

  void accept();

  boost::asio::io_context& io_;
  gateway& at_;
  const server_limits limits_;
  socket_path path_;
  local::acceptor acceptor_;
  boost::asio::steady_timer pause_;
  std::set<std::shared_ptr<client>> clients_;
};

}  // namespace wardline::doctor::control
