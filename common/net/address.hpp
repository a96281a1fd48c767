#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <boost/asio/ip/tcp.hpp>

namespace wardline::net {

using tcp = boost::asio::ip::tcp;

/// Where to listen or connect: a name, an IPv4 or an IPv6 address (without brackets), and a port.
struct address {
  std::string host;
  std::uint16_t port = 0;

  friend bool operator==(const address&, const address&) = default;
};

/// True for an IPv4 or IPv6 address (without zone) or a host name: 1 .. 253 characters, labels of
/// 1 .. 63 letters, digits, hyphens and underscores, no hyphen at either end of a label.
bool is_host(std::string_view text);

/// "HOST:PORT", "[IPv6]:PORT"; port 0 .. 65535 in decimal. Throws `failure` with words otherwise.
address parse_address(std::string_view text);

/// The form that `parse_address` reads.
std::string address_text(const address& a);
std::string address_text(const tcp::endpoint& e);

/// The key under which admission counts a peer: the IPv4 address (also of a v4-mapped one), or the
/// /64 network of an IPv6 address, since whoever has one address of it has them all.
std::string source_address(const tcp::endpoint& e);

}  // namespace wardline::net
