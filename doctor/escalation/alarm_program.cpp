#include "doctor/escalation/alarm_program.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>

#include "common/util/error.hpp"

namespace wardline::doctor {
namespace {

failure failed_to(const char* what, int error) {
  return failure(
      fmt::format("the alarm program was not begun: {}: {}", what, std::strerror(error)));
}

/// A file without a name that holds `lines`. A pipe would hold 64 KiB and make us wait for a
/// reader; the names of ten thousand patients are more than that.
class input_file {
 public:
  explicit input_file(const std::string& lines) : handle_(::memfd_create("alarm", MFD_CLOEXEC)) {
    if (handle_ < 0) throw failed_to("memfd_create", errno);
    std::size_t done = 0;
    while (done < lines.size()) {
      const auto n = ::write(handle_, lines.data() + done, lines.size() - done);
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) {
        const int error = errno;
        ::close(handle_);
        throw failed_to("write", error);
      }
      done += static_cast<std::size_t>(n);
    }
    ::lseek(handle_, 0, SEEK_SET);
  }
  input_file(const input_file&) = delete;
  input_file& operator=(const input_file&) = delete;
  ~input_file() { ::close(handle_); }
  int handle() const noexcept { return handle_; }

 private:
  int handle_;
};

/// How the child begins: only standard input is ours, every signal is as usual, and it leads a
/// process group, so that what it begins can be ended with it.
class spawn_plan {
 public:
  explicit spawn_plan(int input) {
    ::posix_spawn_file_actions_init(&actions_);
    ::posix_spawnattr_init(&attributes_);
    ::posix_spawn_file_actions_adddup2(&actions_, input, STDIN_FILENO);
    ::posix_spawn_file_actions_addopen(&actions_, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    ::posix_spawn_file_actions_addopen(&actions_, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    // Asio's sockets are inherited: a patient's connection would outlive the gateway.
    ::posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1);
    sigset_t none;
    sigset_t all;
    ::sigemptyset(&none);
    ::sigfillset(&all);
    ::posix_spawnattr_setsigmask(&attributes_, &none);
    ::posix_spawnattr_setsigdefault(&attributes_, &all);
    ::posix_spawnattr_setpgroup(&attributes_, 0);
    ::posix_spawnattr_setflags(
        &attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  }
  spawn_plan(const spawn_plan&) = delete;
  spawn_plan& operator=(const spawn_plan&) = delete;
  ~spawn_plan() {
    ::posix_spawn_file_actions_destroy(&actions_);
    ::posix_spawnattr_destroy(&attributes_);
  }
  const posix_spawn_file_actions_t* actions() const noexcept { return &actions_; }
  const posix_spawnattr_t* attributes() const noexcept { return &attributes_; }

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

}  // namespace

void alarm_program::check(const std::filesystem::path& program) {
  std::error_code unknown;
  if (program.is_absolute() && std::filesystem::is_regular_file(program, unknown) &&
      ::access(program.c_str(), X_OK) == 0) {
    return;
  }
  throw failure(fmt::format("{} is not a program that can be begun", program.string()),
                "--on-overdue takes the absolute path of one executable file, without arguments");
}

alarm_program::alarm_program(std::filesystem::path program, const clock& time)
    : program_(std::move(program)), time_(time) {
  check(program_);
}

alarm_program::~alarm_program() {
  for (const auto& p : running_) {
    ::kill(-p.id, SIGKILL);
    while (::waitpid(p.id, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
}

bool alarm_program::run(std::string lines) {
  if (waiting_.size() >= most_waiting) return false;
  waiting_.push_back(std::move(lines));
  return true;
}

void alarm_program::begin(const std::string& lines) {
  const input_file input(lines);
  const spawn_plan plan(input.handle());
  std::string name = program_.string();
  std::string path = "PATH=/usr/local/bin:/usr/bin:/bin";
  std::string language = "LANG=C.UTF-8";
  std::array<char*, 2> arguments{name.data(), nullptr};
  std::array<char*, 3> environment{path.data(), language.data(), nullptr};
  pid_t id = 0;
  const int error = ::posix_spawn(&id, name.c_str(), plan.actions(), plan.attributes(),
                                  arguments.data(), environment.data());
  if (error != 0) throw failed_to(name.c_str(), error);
  running_.push_back({id, time_.steady()});
}

std::vector<std::string> alarm_program::tick() {
  std::vector<std::string> failures;
  const auto now = time_.steady();
  std::erase_if(running_, [&](process& p) {
    int status = 0;
    const pid_t ended = ::waitpid(p.id, &status, WNOHANG);
    if (ended == 0) {
      if (!p.killed && now - p.began >= run_time) {
        ::kill(-p.id, SIGKILL);
        p.killed = true;
      }
      return false;
    }
    if (p.killed)
      failures.push_back(
          fmt::format("the alarm program ran for more than {} s and was ended", run_time.count()));
    else if (ended > 0 && status != 0)
      failures.emplace_back("the alarm program failed");
    return true;
  });
  while (!waiting_.empty() && running_.size() < at_once) {
    const auto lines = std::move(waiting_.front());
    waiting_.pop_front();
    try {
      begin(lines);
    } catch (const failure& e) {
      failures.emplace_back(e.what());
    }
  }
  return failures;
}

}  // namespace wardline::doctor
