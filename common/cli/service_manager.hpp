#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/util/clock.hpp"

namespace wardline::cli {

/// systemd, or whatever else has begun this program and wants to know how it is (sd_notify(3); a
/// datagram to a socket is all there is to it, so that no library comes along). Without one nothing
/// is told. Never holds its caller up.
class service_manager {
 public:
  /// Takes NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID out of the environment, so that no program
  /// that this one begins speaks for it. To be made before there is a second thread.
  service_manager();
  ~service_manager();
  service_manager(const service_manager&) = delete;
  service_manager& operator=(const service_manager&) = delete;

  bool is_there() const noexcept { return !address_.empty(); }

  /// How long it waits for a sign of life before it ends us; nothing: it does not.
  std::optional<milliseconds> patience() const noexcept { return patience_; }

  void ready() { tell_surely("READY=1"); }
  void reloading();
  void stopping() { tell_surely("STOPPING=1"); }
  void alive() { tell("WATCHDOG=1"); }
  /// In plain words, for people (`systemctl status`). The same again is not sent.
  void status(const std::string& text);

 private:
  bool tell(std::string_view what);
  void tell_surely(std::string_view what);

  std::string address_;  // of a socket in the file system, or abstract (a NUL first)
  int socket_ = -1;
  std::optional<milliseconds> patience_;
  std::string last_status_;
  std::string untold_;  // there was no room for it: it goes before the next
};

}  // namespace wardline::cli
