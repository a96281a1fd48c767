#include "doctor/metrics/server.hpp"

#include <filesystem>
#include <future>
#include <memory>
#include <thread>

#include <boost/asio/post.hpp>

#include "common/util/error.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/http_request.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/thrown.hpp"

namespace wardline::doctor::metrics {
namespace {

using test::ask_over_http;
using test::body_of;
using test::contains;
using test::http_get;

/// A gateway that says what it is told to, on a thread of its own.
struct fixture {
  explicit fixture(const server_limits& limits = {}) {
    serves = std::make_unique<server>(
        io, net::address{"127.0.0.1", 0},
        [this]() -> figures {
          if (fails) throw failure("the database is gone");
          return says;
        },
        directory.path(), limits);
    gateway = std::thread([this] { io.run(); });
  }
  ~fixture() {
    io.stop();
    gateway.join();
  }

  std::uint16_t port() const { return serves->local().port(); }

  test::temporary_directory directory;
  boost::asio::io_context io;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{io.get_executor()};
  figures says{"wardline_sessions 3\n", ""};
  bool fails = false;
  std::unique_ptr<server> serves;
  std::thread gateway;
};

}  // namespace

TEST_CASE("metrics and health are told over HTTP") {
  const fixture f;
  const auto metrics = http_get(f.port(), "/metrics");
  CHECK(metrics.rfind("HTTP/1.1 200 OK\r\n", 0) == 0);
  CHECK(contains(metrics, "Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n"));
  CHECK(contains(metrics, "Connection: close\r\n"));
  CHECK(body_of(metrics) == "wardline_sessions 3\n");
  CHECK(body_of(http_get(f.port(), "/metrics?x=1")) == "wardline_sessions 3\n");
  const auto health = http_get(f.port(), "/healthz");
  CHECK(health.rfind("HTTP/1.1 200 OK\r\n", 0) == 0);
  CHECK(body_of(health) == "ok\n");
}

TEST_CASE("HEAD has the length and nothing else") {
  const fixture f;
  const auto head = ask_over_http(f.port(), "HEAD /metrics HTTP/1.1\r\nHost: a\r\n\r\n");
  CHECK(contains(head, "Content-Length: 20\r\n"));
  CHECK(body_of(head).empty());
}

TEST_CASE("other methods, other paths, too much, and what is not HTTP are refused") {
  const fixture f;
  for (const auto& [request, status] : std::vector<std::pair<std::string, std::string>>{
           {"POST /metrics HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", "405"},
           {"DELETE /metrics HTTP/1.1\r\nHost: a\r\n\r\n", "405"},
           {"GET / HTTP/1.1\r\nHost: a\r\n\r\n", "404"},
           {"GET /metrics/../healthz HTTP/1.1\r\nHost: a\r\n\r\n", "404"},
           {"GET /metrics HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello", "431"},
           {"GET /metrics HTTP/1.1\r\nX: " + std::string(9'000, 'x') + "\r\n\r\n", "431"},
           {std::string("\x03\x00\x01 nonsense\r\n\r\n", 16), "400"}}) {
    INFO(request.substr(0, 60));
    CHECK(ask_over_http(f.port(), request).rfind("HTTP/1.1 " + status, 0) == 0);
  }
}

TEST_CASE("a gateway in trouble is not well, and says why") {
  fixture f;
  f.says.trouble = "doctor.db: No space left on device";
  auto health = http_get(f.port(), "/healthz");
  CHECK(health.rfind("HTTP/1.1 503", 0) == 0);
  CHECK(body_of(health) == "doctor.db: No space left on device\n");
  CHECK(http_get(f.port(), "/metrics").rfind("HTTP/1.1 200", 0) == 0);
  f.fails = true;
  for (const char* path : {"/healthz", "/metrics"}) {
    health = http_get(f.port(), path);
    CHECK(health.rfind("HTTP/1.1 503", 0) == 0);
    CHECK(body_of(health) == "the database is gone\n");
  }
}

TEST_CASE("a data directory that is gone is not well") {
  const fixture f;
  std::filesystem::remove(f.directory.path());
  const auto health = http_get(f.port(), "/healthz");
  CHECK(health.rfind("HTTP/1.1 503", 0) == 0);
  CHECK(contains(body_of(health), "the data directory takes no writing: No such file"));
  std::filesystem::create_directory(f.directory.path());
  CHECK(body_of(http_get(f.port(), "/healthz")) == "ok\n");
  CHECK(std::filesystem::is_empty(f.directory.path()));
}

TEST_CASE("a gateway whose thread is stuck does not keep the question waiting") {
  fixture f({.gateway_deadline = milliseconds(20)});
  std::promise<void> goes_on;
  boost::asio::post(f.io, [&] { goes_on.get_future().wait(); });
  const auto health = http_get(f.port(), "/healthz");
  goes_on.set_value();
  CHECK(health.rfind("HTTP/1.1 503", 0) == 0);
  CHECK(body_of(health) == "the gateway does not answer\n");
}

TEST_CASE("only so many may ask at once, and who says nothing is sent away") {
  const fixture f({.clients = 2, .client_deadline = milliseconds(200)});
  boost::asio::io_context io;
  net::tcp::socket first(io);
  net::tcp::socket second(io);
  for (auto* s : {&first, &second}) {
    s->connect({boost::asio::ip::address_v4::loopback(), f.port()});
  }
  CHECK(http_get(f.port(), "/healthz").empty());
  for (auto* s : {&first, &second}) {  // their time is over
    char byte = 0;
    boost::system::error_code end;
    boost::asio::read(*s, boost::asio::buffer(&byte, 1), end);
    CHECK(end);
  }
  CHECK(body_of(http_get(f.port(), "/healthz")) == "ok\n");
}

}  // namespace wardline::doctor::metrics
