#include "common/cli/service_manager.hpp"

#include <cstdlib>
#include <unistd.h>

#include "tests/support/catch.hpp"
#include "tests/support/notify_socket.hpp"
#include "tests/support/temporary_directory.hpp"

namespace wardline::cli {
namespace {

void set(const char* name, const std::string& value) { ::setenv(name, value.c_str(), 1); }

void unset_all() {
  for (const char* name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"}) ::unsetenv(name);
}

}  // namespace

TEST_CASE("a service manager is told at a path and at an abstract name") {
  const test::temporary_directory at;
  for (const auto& name :
       {(at.path() / "notify").string(), "@wardline-test-" + std::to_string(::getpid())}) {
    const test::notify_socket socket(name);
    set("NOTIFY_SOCKET", name);
    service_manager to;
    CHECK(to.is_there());
    to.ready();
    CHECK(socket.next() == "READY=1");
    to.status("2 of 3 are here\nREADY=1\x1b");
    CHECK(socket.next() == "STATUS=2 of 3 are here READY=1\xEF\xBF\xBD");
    to.status("2 of 3 are here\nREADY=1\x1b");
    to.alive();
    CHECK(socket.next() == "WATCHDOG=1");
    to.reloading();
    CHECK(socket.next().rfind("RELOADING=1\nMONOTONIC_USEC=", 0) == 0);
    to.stopping();
    CHECK(socket.next() == "STOPPING=1");
  }
  unset_all();
}

TEST_CASE("that the program is ready is told as soon as there is room for it") {
  const test::temporary_directory at;
  const test::notify_socket socket((at.path() / "notify").string());
  set("NOTIFY_SOCKET", socket.name());
  service_manager to;
  for (int i = 0; i < 20'000; ++i) to.alive();  // more than a socket holds
  to.ready();
  to.status("busy");
  while (socket.has_one()) CHECK(socket.next() == "WATCHDOG=1");
  to.status("busy");
  CHECK(socket.next() == "READY=1");
  CHECK(socket.next() == "STATUS=busy");
  unset_all();
}

TEST_CASE("what the service manager says is for this program alone") {
  set("NOTIFY_SOCKET", "@wardline-nobody-listens");
  set("WATCHDOG_USEC", "30000000");
  set("WATCHDOG_PID", std::to_string(::getpid()));
  service_manager to;
  CHECK(to.patience() == milliseconds(30'000));
  CHECK(std::getenv("NOTIFY_SOCKET") == nullptr);
  CHECK(std::getenv("WATCHDOG_USEC") == nullptr);
  CHECK(std::getenv("WATCHDOG_PID") == nullptr);
  to.ready();  // holds nobody up
}

TEST_CASE("a watchdog of another process, or one that makes no sense, is none") {
  for (const auto& [time, pid] : std::vector<std::pair<std::string, std::string>>{
           {"30000000", "1"}, {"soon", ""}, {"0", ""}, {"-5", ""}, {"99999999999999999999", ""}}) {
    set("NOTIFY_SOCKET", "@wardline-nobody-listens");
    set("WATCHDOG_USEC", time);
    if (!pid.empty()) set("WATCHDOG_PID", pid);
    CHECK_FALSE(service_manager().patience().has_value());
    unset_all();
  }
}

TEST_CASE("without a service manager nothing is told") {
  for (const std::string name : {"", "relative", "@", "vsock:2:1"}) {
    set("NOTIFY_SOCKET", name);
    service_manager to;
    CHECK_FALSE(to.is_there());
    to.ready();
  }
  set("NOTIFY_SOCKET", "/" + std::string(200, 'x'));
  CHECK_FALSE(service_manager().is_there());
  unset_all();
}

}  // namespace wardline::cli
