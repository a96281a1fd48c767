#pragma once

#include <functional>
#include <string>
#include <vector>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include "common/net/framed_connection.hpp"
#include "tests/support/catch.hpp"

/// A framed connection over loopback, and what it tells.
namespace wardline::net {

namespace asio = boost::asio;
using protocol::frame_type;

class manual_clock final : public clock {
 public:
  unix_ms now() const override { return 0; }
  std::chrono::steady_clock::time_point steady() const override { return time; }
  std::chrono::steady_clock::time_point time{};
};

class recorder final : public connection_handler {
 public:
  void on_frame(const protocol::frame& f) override {
    frames.push_back(to_bytes(f.whole));
    if (then) then(f);
  }
  void on_closed(errc cause) override { closed.push_back(cause); }

  std::vector<bytes> frames;
  std::vector<errc> closed;
  std::function<void(const protocol::frame&)> then;
};

// A connection of ours and a plain socket, blocking, at the other end of it.
struct pair {
  explicit pair(write_bounds bounds = {}, int buffer = 0) {
    tcp::acceptor acceptor(context, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
    if (buffer != 0) peer.open(tcp::v4());
    if (buffer != 0) peer.set_option(asio::socket_base::receive_buffer_size(buffer));
    peer.connect(acceptor.local_endpoint());
    tcp::socket socket = acceptor.accept();
    if (buffer != 0) socket.set_option(asio::socket_base::send_buffer_size(buffer));
    connection = framed_connection::make(std::move(socket), time, bounds);
  }

  void say(const bytes& data) { asio::write(peer, asio::buffer(data)); }

  // Everything until the peer sees the end.
  bytes heard() {
    bytes all;
    boost::system::error_code ec;
    asio::read(peer, asio::dynamic_buffer(all), ec);
    CHECK(ec == asio::error::eof);
    return all;
  }

  // Turns the loop until `is_so`; the test's own timeout is the only deadline.
  void run_until(const std::function<bool()>& is_so) {
    while (!is_so()) {
      context.restart();
      context.run_one();
    }
  }
  void run_what_is_ready() {
    context.restart();
    context.poll();
  }

  asio::io_context context;
  manual_clock time;
  recorder handler;
  tcp::socket peer{context};
  std::shared_ptr<framed_connection> connection;
};

inline bytes frame(std::size_t body, byte fill = 0) {
  return protocol::encode_frame(frame_type::auth_request, bytes(body, fill));
}

inline bytes operator+(bytes a, const bytes& b) {
  append(a, b);
  return a;
}

}  // namespace wardline::net
