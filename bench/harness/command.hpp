#pragma once

#include <atomic>
#include <exception>
#include <thread>
#include <utility>

#include <nlohmann/json.hpp>

#include "bench/harness/gateway.hpp"

namespace wardline::bench {

/// An operator's command in a thread of its own, since it waits for the gateway's answer while the
/// patients are served in another.
class command {
 public:
  command(const gateway& server, doctor::control::request what)
      : thread_([this, &server, what = std::move(what)] {
          try {
            server.ask(what);
          } catch (...) {
            why_ = std::current_exception();
            failed_ = true;
          }
        }) {}
  command(const command&) = delete;
  command& operator=(const command&) = delete;
  ~command() {
    if (thread_.joinable()) thread_.join();
  }

  bool has_failed() const noexcept { return failed_; }

  /// Waits for the answer; throws what it threw.
  void finish() {
    thread_.join();
    if (failed_) std::rethrow_exception(why_);
  }

 private:
  std::atomic<bool> failed_ = false;
  std::exception_ptr why_;
  std::thread thread_;
};

}  // namespace wardline::bench
