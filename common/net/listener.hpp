#pragma once

#include <functional>
#include <memory>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "common/net/address.hpp"

namespace wardline::net {

/// Accepts connections at one address. "::" takes IPv4 too; every other IPv6 address only itself.
class listener {
 public:
  using accepted = std::function<void(tcp::socket socket, const tcp::endpoint& peer)>;

  /// Binds and listens (a name is resolved, and its first usable address taken). Throws `failure`
  /// with words if the port is in use or the address is not this machine's.
  listener(boost::asio::io_context& context, const address& where);
  ~listener();

  /// The address really bound, with the port that the kernel chose for port 0.
  tcp::endpoint local() const;

  /// Calls `on_accepted` for each connection until `stop`. While the process or the system is out
  /// of descriptors it tries again ten times a second.
  void start(accepted on_accepted);

  void stop();

 private:
  struct state;
  std::shared_ptr<state> state_;
};

}  // namespace wardline::net
