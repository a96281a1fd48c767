#include <memory>
#include <optional>
#include <sys/resource.h>
#include <vector>

#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>

#include "common/net/connector.hpp"
#include "common/net/listener.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/thrown.hpp"

namespace wardline::net {
namespace {

namespace asio = boost::asio;

address local(const listener& l) { return {l.local().address().to_string(), l.local().port()}; }

bool has_ipv6() {
  asio::io_context context;
  try {
    const listener probe(context, {"::1", 0});
    return true;
  } catch (const failure&) {
    return false;
  }
}

// Nothing more than this may be open while it lives.
class descriptor_limit {
 public:
  explicit descriptor_limit(rlim_t most) {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    const rlimit smaller{most, before_.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &smaller);
  }
  descriptor_limit(const descriptor_limit&) = delete;
  descriptor_limit& operator=(const descriptor_limit&) = delete;
  ~descriptor_limit() { lift(); }
  void lift() { ::setrlimit(RLIMIT_NOFILE, &before_); }

 private:
  rlimit before_{};
};

}  // namespace

TEST_CASE("a connector reaches a listener at a port of the kernel's choice") {
  asio::io_context context;
  const char* hosts[] = {"127.0.0.1", "localhost", "::1"};
  for (const char* host : hosts) {
    if (std::string(host) == "::1" && !has_ipv6()) continue;
    CAPTURE(host);
    listener l(context, {host, 0});
    std::optional<tcp::endpoint> seen;
    std::optional<tcp::socket> made;
    l.start([&](tcp::socket, const tcp::endpoint& peer) {
      seen = peer;
      l.stop();
    });
    const connector c(context, {host, l.local().port()}, seconds(30),
                      [&](result<tcp::socket> outcome) {
                        REQUIRE(outcome.has_value());
                        made = std::move(*outcome);
                      });
    CHECK_FALSE(made.has_value());
    context.restart();
    context.run();
    REQUIRE(made.has_value());
    CHECK(seen == made->local_endpoint());
  }
}

TEST_CASE("a port in use is refused with words") {
  asio::io_context context;
  const listener first(context, {"127.0.0.1", 0});
  const auto e = test::thrown_by<failure>([&] { listener(context, local(first)); });
  CHECK(std::string(e.what()) == address_text(first.local()) + " is in use");
  CHECK_FALSE(e.hint().empty());
}

TEST_CASE("an address of another machine is refused with words") {
  asio::io_context context;
  const auto e = test::thrown_by<failure>([&] { listener(context, {"192.0.2.1", 0}); });
  CHECK(test::contains(e.what(), "not an address of this machine"));
}

TEST_CASE("the port of a listener that is gone can be bound again at once") {
  asio::io_context context;
  address where;
  {
    listener first(context, {"127.0.0.1", 0});
    where = local(first);
    std::optional<tcp::socket> accepted;
    first.start([&](tcp::socket socket, const tcp::endpoint&) {
      accepted = std::move(socket);
      first.stop();
    });
    const connector c(context, where, seconds(30), [](auto) {});
    context.run();
    REQUIRE(accepted.has_value());
  }
  CHECK_NOTHROW(listener(context, where));
}

TEST_CASE("a refused connection is told with the system's own words") {
  asio::io_context context;
  address nobody;
  { nobody = local(listener(context, {"127.0.0.1", 0})); }
  boost::system::error_code told;
  const connector c(context, nobody, seconds(30),
                    [&](result<tcp::socket> outcome) { told = outcome.error(); });
  context.run();
  CHECK(told == asio::error::connection_refused);
}

TEST_CASE("a host that is none is refused without asking anybody") {
  asio::io_context context;
  boost::system::error_code told;
  const connector c(context, {std::string("127.0.0.1\0.example", 18), 1}, seconds(30),
                    [&](result<tcp::socket> outcome) { told = outcome.error(); });
  context.run();
  CHECK(told == errc::invalid_encoding);
}

TEST_CASE("an attempt that takes too long is given up") {
  asio::io_context context;
  // A listener that is full: its queue holds one connection, and the kernel answers no more.
  tcp::acceptor full(context, tcp::v4());
  full.bind(tcp::endpoint(asio::ip::address_v4::loopback(), 0));
  full.listen(0);
  std::vector<std::unique_ptr<connector>> attempts;
  int made = 0;
  int given_up = 0;
  for (int i = 0; i < 6; ++i) {
    attempts.push_back(
        std::make_unique<connector>(context, address{"127.0.0.1", full.local_endpoint().port()},
                                    milliseconds(50), [&](result<tcp::socket> outcome) {
                                      if (outcome.has_value()) {
                                        ++made;
                                      } else if (outcome.error() == errc::timed_out) {
                                        ++given_up;
                                      }
                                    }));
  }
  context.run();
  CHECK(made + given_up == 6);
  CHECK(given_up >= 1);
}

TEST_CASE("a connector that is destroyed calls nobody") {
  asio::io_context context;
  const listener l(context, {"127.0.0.1", 0});
  for (const char* host : {"127.0.0.1", "localhost"}) {
    auto c = std::make_unique<connector>(context, address{host, l.local().port()}, seconds(30),
                                         [](auto) { FAIL("it was called"); });
    c.reset();
    context.restart();
    context.run();
  }
}

// Not under UBSan: to look at an object's type it opens a pipe, and without a free descriptor it
// takes every object for an invalid one.
#ifndef WARDLINE_SANITIZED_ADDRESS
TEST_CASE("a listener without descriptors accepts again when there are some") {
  asio::io_context context;
  listener l(context, {"127.0.0.1", 0});
  int accepted = 0;
  l.start([&](tcp::socket, const tcp::endpoint&) {
    ++accepted;
    l.stop();
  });
  tcp::socket peer(context);
  peer.connect(l.local());
  {
    const descriptor_limit none(3);
    context.run_one();  // fails for want of a descriptor, and waits
    context.poll();
    CHECK(accepted == 0);
  }
  context.run();
  CHECK(accepted == 1);
}
#endif

}  // namespace wardline::net
