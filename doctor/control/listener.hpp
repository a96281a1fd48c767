#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "common/util/clock.hpp"
#include "doctor/control/socket.hpp"

namespace wardline::doctor::control {

struct server_limits {
  std::size_t clients = 32;
  milliseconds request_deadline{10'000};  ///< for the whole line
  milliseconds reply_deadline{30'000};
};

/// Takes the operator's commands in at the control socket, and the answers out, on a thread of its
/// own: on the gateway's the socket would stand in line with those of thousands of patients.
class listener {
 public:
  using client_id = std::uint64_t;

  /// What it tells, from its thread.
  struct handler {
    /// The first line of a client, without its end; nothing if it is longer than max_request.
    std::function<void(client_id, std::optional<std::string>)> on_request;
    /// Nobody waits for the answer any more.
    std::function<void(client_id)> on_hang_up;
  };

  /// The gateway holds the lock of `directory`. Throws `failure`.
  listener(const std::filesystem::path& directory, const server_limits& limits, handler tell);
  /// Closes every client. Nothing is told from then on.
  ~listener();

  /// The line goes to this client, if it is still there, and the connection is closed after it.
  void reply(client_id to, std::string line);

  /// Takes no more clients, and removes the socket before it returns.
  void stop();

 private:
  class client;

  void accept();
  void admit(local::socket peer);

  boost::asio::io_context io_;
  const server_limits limits_;
  const handler tell_;
  socket_path path_;
  local::acceptor acceptor_;
  boost::asio::steady_timer pause_;
  std::map<client_id, std::shared_ptr<client>> clients_;
  client_id last_ = 0;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  std::thread thread_;
};

}  // namespace wardline::doctor::control
