#pragma once

#include <cstdint>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

namespace wardline::test {

/// Sends `text` to a port of this machine's and reads until the other end closes.
inline std::string ask_over_http(std::uint16_t port, const std::string& text) {
  boost::asio::io_context io;
  boost::asio::ip::tcp::socket socket(io);
  socket.connect({boost::asio::ip::address_v4::loopback(), port});
  boost::system::error_code ignored;
  boost::asio::write(socket, boost::asio::buffer(text), ignored);
  std::string out;
  boost::asio::read(socket, boost::asio::dynamic_buffer(out), ignored);
  return out;
}

inline std::string http_get(std::uint16_t port, const std::string& path) {
  return ask_over_http(port, "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
}

inline std::string body_of(const std::string& reply) {
  const auto end = reply.find("\r\n\r\n");
  return end == std::string::npos ? "" : reply.substr(end + 4);
}

}  // namespace wardline::test
