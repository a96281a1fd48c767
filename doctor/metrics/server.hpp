#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include "common/net/address.hpp"
#include "common/net/listener.hpp"
#include "common/util/clock.hpp"

namespace wardline::doctor::metrics {

struct server_limits {
  std::size_t clients = 8;
  std::size_t header_bytes = 8'192;
  milliseconds gateway_deadline{2'000};  ///< for the gateway's answer
  milliseconds client_deadline{10'000};  ///< for a whole visit
};

/// What the gateway is asked for on its own thread.
struct figures {
  std::string text;     ///< of /metrics; empty: it cannot be told now
  std::string trouble;  ///< why it is not well; empty: it is
};

/// Answers GET and HEAD of /metrics and /healthz over HTTP, one request for each connection, on a
/// thread of its own. Whoever can reach it may ask, so it belongs on the loopback.
class server {
 public:
  /// `look` is called on the thread of `gateway`, where this is made and destroyed as well;
  /// /healthz also tries whether `directory` takes writing. Throws `failure` if it cannot listen.
  server(boost::asio::io_context& gateway, const net::address& where, std::function<figures()> look,
         std::filesystem::path directory, const server_limits& limits = {});
  server(const server&) = delete;
  server& operator=(const server&) = delete;
  ~server();

  net::tcp::endpoint local() const { return listener_.local(); }

 private:
  class visit;

  void admit(net::tcp::socket peer);
  void ask(std::function<void(const figures&)> answer);

  boost::asio::io_context& gateway_;
  const std::function<figures()> look_;
  const std::filesystem::path directory_;
  const server_limits limits_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  std::size_t visits_ = 0;
  boost::asio::io_context io_;
  net::listener listener_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  std::thread thread_;
};

}  // namespace wardline::doctor::metrics
