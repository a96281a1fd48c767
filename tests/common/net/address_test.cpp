#include "common/net/address.hpp"

#include <string>

#include <boost/asio/ip/address.hpp>

#include "common/util/error.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/thrown.hpp"

namespace wardline::net {
namespace {

tcp::endpoint endpoint(const char* ip, std::uint16_t port = 7460) {
  return {boost::asio::ip::make_address(ip), port};
}

}  // namespace

TEST_CASE("an address is read and printed in one form") {
  struct row {
    const char* text;
    address expected;
  };
  const row rows[] = {
      {"127.0.0.1:7460", {"127.0.0.1", 7460}},
      {"0.0.0.0:0", {"0.0.0.0", 0}},
      {"[::1]:7460", {"::1", 7460}},
      {"[::]:65535", {"::", 65535}},
      {"[2001:db8::1]:1", {"2001:db8::1", 1}},
      {"localhost:7460", {"localhost", 7460}},
      {"clinic-2.example:80", {"clinic-2.example", 80}},
      {"ward_3:7460", {"ward_3", 7460}},
  };
  for (const auto& r : rows) {
    CAPTURE(r.text);
    CHECK(parse_address(r.text) == r.expected);
    CHECK(address_text(r.expected) == r.text);
  }
}

TEST_CASE("what is not an address is refused with words") {
  const std::string long_label = std::string(64, 'a') + ":1";
  const std::string long_name = [] {
    std::string name;
    for (int i = 0; i < 64; ++i) name += "abc.";
    return name + "de:1";
  }();
  const std::string_view rows[] = {"",
                                   ":",
                                   "host",
                                   "host:",
                                   ":7460",
                                   "127.0.0.1",
                                   "127.0.0.1:",
                                   "127.0.0.1:x",
                                   "127.0.0.1:-1",
                                   "127.0.0.1:+1",
                                   "127.0.0.1:65536",
                                   "127.0.0.1:99999",
                                   "127.0.0.1:000000",
                                   "127.0.0.1: 1",
                                   " 127.0.0.1:1",
                                   "127.0.0.1:1 ",
                                   "127.0.0.256:1",
                                   "127.1:1",
                                   "1:1",
                                   "0x7f000001:1",
                                   "::1",
                                   "::1:7460",
                                   "[::1]",
                                   "[::1]7460",
                                   "[::1:7460",
                                   "[127.0.0.1]:1",
                                   "[localhost]:1",
                                   "[]:1",
                                   "[fe80::1%eth0]:1",
                                   "a..b:1",
                                   ".a:1",
                                   "a.:1",
                                   "-a:1",
                                   "a-:1",
                                   "a b:1",
                                   "a/b:1",
                                   "a@b:1",
                                   "h\xc3\xa9:1",
                                   std::string_view("a\0b:1", 5),
                                   std::string_view("127.0.0.1\0:1", 12),
                                   long_label,
                                   long_name};
  for (const auto text : rows) {
    CAPTURE(text);
    const auto e = test::thrown_by<failure>([&] { parse_address(text); });
    CHECK(test::contains(e.what(), "is no address"));
    CHECK_FALSE(e.hint().empty());
  }
}

TEST_CASE("an endpoint is printed as an address") {
  CHECK(address_text(endpoint("127.0.0.1")) == "127.0.0.1:7460");
  CHECK(address_text(endpoint("::1", 80)) == "[::1]:80");
}

TEST_CASE("admission counts an IPv6 network as one source, and a mapped address as IPv4") {
  CHECK(source_address(endpoint("192.0.2.7", 1)) == "192.0.2.7");
  CHECK(source_address(endpoint("192.0.2.7", 2)) == source_address(endpoint("192.0.2.7", 1)));
  CHECK(source_address(endpoint("::ffff:192.0.2.7")) == "192.0.2.7");
  CHECK(source_address(endpoint("2001:db8:1:2:3:4:5:6")) == "2001:db8:1:2::/64");
  CHECK(source_address(endpoint("2001:db8:1:2:ffff::")) == "2001:db8:1:2::/64");
  CHECK(source_address(endpoint("2001:db8:1:3::")) != "2001:db8:1:2::/64");
}

}  // namespace wardline::net
