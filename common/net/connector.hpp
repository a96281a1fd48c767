#pragma once

#include <functional>
#include <memory>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "common/net/address.hpp"
#include "common/util/clock.hpp"
#include "common/util/error.hpp"

namespace wardline::net {

/// One attempt to connect: resolves the name and tries its addresses in turn. Destroying it cancels
/// the attempt, and nothing is called any more.
class connector {
 public:
  /// The socket, or why there is none: errc::timed_out when `deadline` has passed for the whole
  /// attempt, otherwise the system's own code ("Connection refused", "Host not found"), of the last
  /// address tried. Never called from inside the constructor.
  using connected = std::function<void(result<tcp::socket> outcome)>;

  connector(boost::asio::io_context& context, const address& where, milliseconds deadline,
            connected on_connected);
  connector(const connector&) = delete;
  connector& operator=(const connector&) = delete;
  ~connector();

 private:
  struct state;
  std::shared_ptr<state> state_;
};

}  // namespace wardline::net
