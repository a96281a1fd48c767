#pragma once

#include <functional>
#include <string_view>

#include "common/util/error.hpp"

namespace wardline::cli {

/// Exit statuses.
inline constexpr int done = 0;
inline constexpr int failed = 1;
inline constexpr int wrong_usage = 2;

/// A command line that makes no sense, found after it was parsed: exit status 2.
class usage_error : public failure {
 public:
  using failure::failure;
};

/// "PROGRAM: error: WHAT" and, if there is one, "PROGRAM: hint: HINT" on standard error; for
/// systemd's journal with the level that an error has there.
void report_error(std::string_view program, std::string_view what, std::string_view hint = {});

/// Runs `body`, whose result is the exit status. A `failure` or any other exception is reported
/// instead of thrown; then the status is 2 for a `usage_error` and 1 for the rest. Also makes the
/// process survive a closed pipe and a limit on the size of files (SIGPIPE and SIGXFSZ are ignored;
/// the write fails instead, as on a full disk), and opens /dev/null
/// in the place of a standard descriptor that is closed, lest another file take its number.
int run_guarded(std::string_view program, const std::function<int()>& body);

/// True if the program was begun to take no notice of this signal, as nohup does with a hang-up.
bool is_ignored(int signal) noexcept;

}  // namespace wardline::cli
