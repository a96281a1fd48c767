#include "common/cli/guard.hpp"

#include <cerrno>
#include <csignal>
#include <exception>
#include <fcntl.h>
#include <new>
#include <string>
#include <unistd.h>

#include "common/cli/logger.hpp"
#include "common/util/text_encoding.hpp"

namespace wardline::cli {
namespace {

// Who closes standard input means "there is none", not "the next file that is opened".
void fill_standard_descriptors() noexcept {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(fd, F_GETFD) >= 0 || errno != EBADF) continue;
    // Takes the lowest free number, which is this one.
    if (::open("/dev/null", O_RDWR) < 0) return;
  }
}

}  // namespace

void report_error(std::string_view program, std::string_view what, std::string_view hint) {
  const auto begin = (leads_to_journal(STDERR_FILENO) ? "<3>" : "") + std::string(program);
  std::string text = begin + ": error: " + printable(what) + "\n";
  if (!hint.empty()) text += begin + ": hint: " + printable(hint) + "\n";
  // One write, so that lines of two programs on one terminal do not mix. There is nobody to tell
  // if it fails.
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, text.data(), text.size());
}

int run_guarded(std::string_view program, const std::function<int()>& body) {
  fill_standard_descriptors();
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
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

bool is_ignored(int signal) noexcept {
  struct sigaction present {};
  return ::sigaction(signal, nullptr, &present) == 0 && present.sa_handler == SIG_IGN;
}

}  // namespace wardline::cli
