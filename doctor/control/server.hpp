#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/io_context.hpp>

#include "doctor/control/confirmation.hpp"
#include "doctor/control/listener.hpp"

namespace wardline::doctor {
class gateway;
}

namespace wardline::doctor::control {

/// Answers the operator's commands: each client asks one thing (request.hpp) and is closed after
/// the answer (reply.hpp). On the gateway's thread, which it never holds up.
class server {
 public:
  /// The gateway holds the lock of `directory`, and outlives the server. Throws `failure`.
  server(boost::asio::io_context& io, gateway& at, const std::filesystem::path& directory,
         const server_limits& limits = {});

  /// Takes no more clients, answers those that wait for receipts with how far they are, and
  /// removes the socket.
  void stop();

 private:
  using client_id = listener::client_id;

  void answer(client_id to, const std::optional<std::string>& line);
  void execute(client_id to, const request& what);
  request understood(const std::optional<std::string>& line);
  void confirmed(client_id to, const protocol::message_id& message);

  boost::asio::io_context& io_;
  gateway& at_;
  std::map<client_id, std::unique_ptr<confirmation>> waiting_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  listener listener_;
};

}  // namespace wardline::doctor::control
