#include "common/cli/service_manager.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "common/util/text_encoding.hpp"

namespace wardline::cli {
namespace {

std::string take_out(const char* name) {
  const char* value = std::getenv(name);
  std::string out = value == nullptr ? "" : value;
  ::unsetenv(name);
  return out;
}

std::optional<std::uint64_t> number_in(const std::string& text) {
  std::uint64_t out = 0;
  const auto* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, out);
  if (error != std::errc() || rest != end) return std::nullopt;
  return out;
}

/// A path, or a name that begins with @ and is nowhere in the file system; anything else is none.
std::string address_in(std::string text) {
  if (text.size() < 2 || text.size() >= sizeof(sockaddr_un::sun_path)) return {};
  if (text.front() == '@') {
    text.front() = '\0';
    return text;
  }
  return text.front() == '/' ? text : std::string();
}

std::optional<milliseconds> patience_in(const std::string& microseconds, const std::string& pid) {
  if (!pid.empty() && number_in(pid) != static_cast<std::uint64_t>(::getpid())) return std::nullopt;
  const auto value = number_in(microseconds);
  constexpr std::uint64_t year = 365ULL * 24 * 3600 * 1'000'000;
  if (!value || *value < 2'000 || *value > year) return std::nullopt;
  return milliseconds(static_cast<std::int64_t>(*value / 1'000));
}

}  // namespace

service_manager::service_manager() : address_(address_in(take_out("NOTIFY_SOCKET"))) {
  const auto microseconds = take_out("WATCHDOG_USEC");
  const auto pid = take_out("WATCHDOG_PID");
  if (address_.empty()) return;
  socket_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  patience_ = patience_in(microseconds, pid);
}

service_manager::~service_manager() {
  if (socket_ >= 0) ::close(socket_);
}

bool service_manager::tell(std::string_view what) {
  if (socket_ < 0) return false;
  sockaddr_un to{};
  to.sun_family = AF_UNIX;
  std::memcpy(to.sun_path, address_.data(), address_.size());
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address_.size());
  const auto send = [&](std::string_view text) {
    return ::sendto(socket_, text.data(), text.size(), MSG_NOSIGNAL,
                    reinterpret_cast<const sockaddr*>(&to), size) >= 0;
  };
  if (!untold_.empty()) {
    if (!send(untold_)) return false;
    untold_.clear();
  }
  return send(what);
}

void service_manager::tell_surely(std::string_view what) {
  if (!tell(what)) untold_ = what;
}

void service_manager::reloading() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  const auto microseconds = static_cast<std::int64_t>(now.tv_sec) * 1'000'000 + now.tv_nsec / 1'000;
  tell_surely("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(microseconds));
}

void service_manager::status(const std::string& text) {
  auto line = printable(text);
  std::replace(line.begin(), line.end(), '\n', ' ');  // another line would be another word of ours
  if (line != last_status_ && tell("STATUS=" + line)) last_status_ = line;
}

}  // namespace wardline::cli
