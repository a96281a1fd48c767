#include "bench/harness/child_process.hpp"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <sstream>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/harness/process_usage.hpp"
#include "common/util/error.hpp"

namespace wardline::bench {
namespace {

// In the child between fork and exec, where another thread may hold any lock: system calls alone.
[[noreturn]] void become(char* const* arguments, int output, int errors, pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  const bool is_orphan = ::getppid() != parent;  // it may have died before prctl
  if (!is_orphan && ::dup2(output, STDOUT_FILENO) >= 0 && ::dup2(errors, STDERR_FILENO) >= 0) {
    ::execv(arguments[0], arguments);
  }
  ::_exit(127);
}

}  // namespace

std::optional<std::string> find_program(const std::string& name) {
  const char* const path = std::getenv("PATH");  // NOLINT(concurrency-mt-unsafe)
  std::istringstream folders(std::string(path == nullptr ? "" : path) + ":/usr/sbin");
  for (std::string folder; std::getline(folders, folder, ':');) {
    auto program = folder;
    program.append("/").append(name);
    if (folder.empty() || ::access(program.c_str(), X_OK) != 0) continue;
    if (std::filesystem::is_regular_file(program)) return program;
  }
  return std::nullopt;
}

child_process::child_process(std::vector<std::string> words, const std::filesystem::path& output) {
  const int file = ::open(output.c_str(), O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) throw failure(words[0] + " cannot be started: no file is to be had");
  start(words, file, file);
  ::close(file);
  if (pid_ < 0) throw failure(words[0] + " cannot be started: no process is to be had");
}

child_process::child_process(std::vector<std::string> words, int output, int errors) {
  start(words, output, errors);
  if (pid_ < 0) throw failure(words[0] + " cannot be started: no process is to be had");
}

void child_process::start(std::vector<std::string>& words, int output, int errors) {
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (auto& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const pid_t self = ::getpid();
  pid_ = ::fork();
  if (pid_ == 0) become(arguments.data(), output, errors, self);
}

child_process::~child_process() { end(SIGKILL); }

void child_process::end(int signal_number) {
  if (!is_running()) return;
  ::kill(pid_, signal_number);
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
}

bool child_process::is_running() {
  if (pid_ > 0 && ::waitpid(pid_, nullptr, WNOHANG) == pid_) pid_ = -1;
  return pid_ > 0;
}

double child_process::used_cpu_us() const { return cpu_us(pid_); }
std::uint64_t child_process::resident() const { return resident_bytes(pid_); }

}  // namespace wardline::bench
