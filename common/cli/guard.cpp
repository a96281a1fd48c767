#include "common/cli/guard.hpp"

#include <csignal>
#include <exception>
#include <new>
#include <string>
#include <unistd.h>

#include "common/util/text_encoding.hpp"

namespace wardline::cli {

void report_error(std::string_view program, std::string_view what, std::string_view hint) {
  std::string text = std::string(program) + ": error: " + printable(what) + "\n";
  if (!hint.empty()) text += std::string(program) + ": hint: " + printable(hint) + "\n";
  // One write, so that lines of two programs on one terminal do not mix. There is nobody to tell
  // if it fails.
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, text.data(), text.size());
}

int run_guarded(std::string_view program, const std::function<int()>& body) {
  std::signal(SIGPIPE, SIG_IGN);
  try {
    return body();
  } catch (const usage_error& e) {
    report_error(program, e.what(), e.hint());
    return wrong_usage;
  } catch (const failure& e) {
    report_error(program, e.what(), e.hint());
  } catch (const std::bad_alloc&) {
    report_error(program, "out of memory");
  } catch (const std::exception& e) {
    report_error(program, e.what());
  }
  return failed;
}

}  // namespace wardline::cli
