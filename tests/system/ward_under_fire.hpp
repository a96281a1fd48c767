#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "tests/support/ledger_checker.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temporary_directory.hpp"

namespace wardline::test {

/// Under sanitizers everything takes ten times as long.
#if defined(WARDLINE_SANITIZED_ADDRESS) || defined(WARDLINE_SANITIZED_THREAD)
inline constexpr bool is_sanitized = true;
#else
inline constexpr bool is_sanitized = false;
#endif

/// The environment's number of this name (WARDLINE_KILLS, WARDLINE_SEED), or `otherwise`.
std::uint64_t number_from_environment(const char* name, std::uint64_t otherwise);

/// WARDLINE_SEED, or a new one; printed, so that a failure can be tried again. (What is drawn is
/// the same then; what the machine makes of it may differ.)
std::uint64_t announce_seed(const std::string& whose);

/// A gateway and a few patients, all real programs, that write to each other without pause: an
/// operator broadcasts and writes to patients, and these read, acknowledge and answer. Notes what
/// was promised and shown. One thread but for the operator's.
class ward_under_fire {
 public:
  using milliseconds = std::chrono::milliseconds;

  ward_under_fire(std::uint64_t seed, unsigned patients);
  ward_under_fire(const ward_under_fire&) = delete;
  ward_under_fire& operator=(const ward_under_fire&) = delete;
  ~ward_under_fire();

  /// The gateway's address; patients that start from now on connect to another one.
  std::uint16_t port() const;
  void reroute(std::string address) { route_ = std::move(address); }

  /// Everybody does what they do for so long. A patient whose backoff is long is started anew, as
  /// a person would who does not want to wait.
  void live_for(milliseconds time);

  void kill_gateway();
  /// Waits for it to listen; or, if `killed_after` is given, no longer than that, and kills it.
  void start_gateway();
  void start_and_kill_gateway(milliseconds killed_after);

  void kill_patient(std::size_t which);
  void restart_patient(std::size_t which);  ///< politely
  std::size_t patients() const noexcept { return patients_.size(); }

  /// Nobody writes any more, and everything on its way is let arrive; then all end politely. Fails
  /// the test if that does not come about within `process::patience`.
  void settle();

  /// Of the evidence so far, and that the audit log verifies; the gateway must be down.
  void check(moment when);

  /// What the gateway said of failures of its own and of frames that it refused.
  const std::vector<std::string>& troubles() const noexcept { return troubles_; }

  /// Sign-ins so far, as the gateway told.
  unsigned sign_ins() const noexcept { return sign_ins_; }
  /// A line on what has happened.
  std::string summary() const;

  std::mt19937_64& random() noexcept { return random_; }
  milliseconds up_to(int most);

 private:
  struct person {
    std::string id;
    temporary_directory directory;
    std::unique_ptr<process> program;
    bool in_session = false;
    bool waits_long = false;
    std::chrono::steady_clock::time_point writes_next{};
    unsigned written = 0;
    unsigned unheard = 0;  // what was typed and the program has not answered yet
    unsigned died = 0;
  };

  std::unique_ptr<process> spawn_gateway();
  void enrol(person& p);
  void start(person& p);
  void restart(person& p, int signal);
  void operate();
  void command();
  bool read_gateway();
  bool read(person& p);
  void on_event(person& p, const nlohmann::json& event);
  void on_gateway_event(const nlohmann::json& event);
  void look_after(person& p);
  std::string undelivered();
  void check_audit();  // after each start, beside the gateway, and in each check

  std::mt19937_64 random_;
  temporary_directory directory_;
  bell bell_;  // of all programs; they go before it
  std::unique_ptr<process> gateway_;
  bool gateway_is_up_ = false;
  std::string listen_ = "127.0.0.1:0";
  std::string fingerprint_;
  std::string route_;
  std::deque<person> patients_;  // deque: a person does not move
  bool writing_ = true;

  mutable std::mutex mutex_;  // of what the operator's thread adds to: accepted, unanswered_
  evidence evidence_;
  unsigned sign_ins_ = 0;
  unsigned dropped_ = 0;
  unsigned restarts_ = 0;
  std::vector<std::string> troubles_;

  std::mt19937_64 operators_random_;
  unsigned commands_ = 0;
  unsigned unanswered_ = 0;
  std::atomic<bool> operating_{true};
  std::thread operator_;
};

}  // namespace wardline::test
