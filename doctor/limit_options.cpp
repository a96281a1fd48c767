#include "doctor/limit_options.hpp"

#include <CLI/CLI.hpp>

#include "common/cli/options.hpp"
#include "doctor/config.hpp"

namespace wardline::doctor {

namespace {

constexpr seconds hour{3600};
constexpr seconds day{24 * 3600};
constexpr std::size_t least_queue = std::size_t{128} << 10U;  // a frame or two of the longest
constexpr std::size_t most_queue = std::size_t{1} << 30U;

/// "nan" is in every range of CLI11's.
std::string is_written_in_digits(const std::string& text) {
  return text.find_first_not_of("0123456789.+-eE") == std::string::npos ? "" : "is not a number";
}

class adder {
 public:
  explicit adder(CLI::App& app) : app_(app) {}

  void duration(const std::string& name, seconds& value, seconds least, seconds most,
                const std::string& description) {
    cli::add_duration(app_, name, value, least, most, description)->group("Limits");
  }

  template <class Number>
  void number(const std::string& name, Number& value, Number least, Number most,
              const std::string& description) {
    app_.add_option(name, value, description)
        ->capture_default_str()
        ->check(CLI::Range(least, most))
        ->check(is_written_in_digits)
        ->type_name("N")
        ->group("Limits");
  }

 private:
  CLI::App& app_;
};

}  // namespace

void add_limit_options(CLI::App& app, config& settings) {
  adder a(app);
  auto& gate = settings.admission;
  a.duration("--clock-window", settings.clock_window, seconds(1), hour,
             "How far a patient's clock may be off");
  a.duration("--handshake-timeout", settings.handshake_deadline, seconds(1), hour,
             "How long a sign-in may take");
  a.duration("--heartbeat", settings.heartbeat, seconds(1), hour,
             "Silence after which a patient is asked for a sign of life");
  a.duration("--token-lifetime", settings.token_lifetime, seconds(1), seconds(8 * 3600),
             "How long a session can be resumed after it broke off");
  a.duration("--resend-after", settings.resend_after, seconds(1), hour,
             "An urgent message or emergency without a receipt is sent again after this time");
  a.duration("--overdue-after", settings.overdue_after, seconds(1), day,
             "and overdue if it is not confirmed this long after it was accepted");
  a.duration("--waiting-time", settings.waiting.time, seconds(1), day,
             "How long a stranger may wait");
  a.number<std::size_t>("--waiting-places", settings.waiting.places, 0, 10'000,
                        "How many strangers may wait");
  a.duration("--block-time", settings.verifier_block, seconds(1), 365 * day,
             "For how long the third wrong verifier blocks a key at an address");
  a.number<std::size_t>("--max-connections", gate.connections, 1, 1'000'000,
                        "Connections without a session, in all");
  a.number<std::size_t>("--max-per-source", gate.connections_per_source, 1, 1'000'000,
                        "Connections without a session, from one address");
  a.number<double>("--handshake-rate", gate.handshakes_per_second, 0.01, 1e6,
                   "Full sign-ins a second from one address");
  a.number<double>("--handshake-burst", gate.handshake_burst, 1, 1e6,
                   "Full sign-ins at once from one address");
  a.number<std::size_t>("--handshake-queue", gate.queue, 1, 1'000'000,
                        "Full sign-ins that may wait for a thread");
  a.number<std::size_t>("--max-failures", gate.failures, 1, 1'000'000,
                        "Failures that close an address");
  a.duration("--failure-window", gate.failure_window, seconds(1), day,
             "The time in which they are counted");
  a.duration("--close-time", gate.close_for, seconds(1), 365 * day,
             "For how long an address is closed");
  a.number<unsigned>("--crypto-workers", settings.crypto_workers, 0, 256,
                     "Threads for exponentiations; 0: one less than there are processors");
  a.number<std::size_t>("--max-queue", settings.max_queued_bytes, least_queue, most_queue,
                        "Bytes that may wait for a patient who does not keep up");
}

}  // namespace wardline::doctor
