#include "tests/support/process.hpp"

#include <array>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/catch.hpp"

extern char** environ;

namespace wardline::test {
namespace {

struct pipe_ends {
  int read;
  int write;
};

// Close-on-exec, so that one child never holds another's pipe open.
pipe_ends make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("pipe2 failed");
  return {ends[0], ends[1]};
}

}  // namespace

void bell::ring() {
  const std::lock_guard lock(mutex_);
  rung_ = true;
  changed_.notify_all();
}

void bell::wait_until(std::chrono::steady_clock::time_point deadline) {
  std::unique_lock lock(mutex_);
  changed_.wait_until(lock, deadline, [this] { return rung_; });
  rung_ = false;
}

process::process(std::vector<std::string> arguments, bell* rings) : bell_(rings) {
  ::signal(SIGPIPE, SIG_IGN);
  const auto in = make_pipe();
  const auto out = make_pipe();
  const auto err = make_pipe();
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in.read, 0);
  posix_spawn_file_actions_adddup2(&actions, out.write, 1);
  posix_spawn_file_actions_adddup2(&actions, err.write, 2);

  std::vector<char*> argv;
  for (auto& a : arguments) argv.push_back(a.data());
  argv.push_back(nullptr);
  const int failed = posix_spawn(&pid_, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(in.read);
  ::close(out.write);
  ::close(err.write);
  if (failed != 0) throw std::runtime_error("cannot start " + arguments[0]);
  input_ = in.write;
  output_ = out.read;
  errors_fd_ = err.read;
  output_reader_ = std::thread([this] { read_output(); });
  error_reader_ = std::thread([this] { read_errors(); });
}

process::~process() {
  close_input();
  if (!status_) {
    ::kill(pid_, SIGKILL);
    int status = 0;
    ::waitpid(pid_, &status, 0);
  }
  output_reader_.join();
  error_reader_.join();
  ::close(output_);
  ::close(errors_fd_);
}

void process::write_line(const std::string& line) {
  const std::string text = line + "\n";
  std::size_t written = 0;
  while (written < text.size()) {
    const auto n = ::write(input_, text.data() + written, text.size() - written);
    if (n <= 0) FAIL("the program does not take its input");
    written += static_cast<std::size_t>(n);
  }
}

void process::close_input() {
  if (input_ >= 0) ::close(input_);
  input_ = -1;
}

void process::signal(int number) { ::kill(pid_, number); }

void process::read_output() {
  std::string pending;
  std::array<char, 4096> chunk{};
  for (;;) {
    const auto n = ::read(output_, chunk.data(), chunk.size());
    const bool ended = n <= 0;
    {
      const std::lock_guard lock(mutex_);
      if (!ended) pending.append(chunk.data(), static_cast<std::size_t>(n));
      for (std::size_t end = 0; (end = pending.find('\n')) != std::string::npos;) {
        lines_.push_back(pending.substr(0, end));
        pending.erase(0, end + 1);
      }
      if (ended && !pending.empty()) lines_.push_back(pending);
      output_ended_ = ended;
      changed_.notify_all();
    }
    if (bell_ != nullptr) bell_->ring();
    if (ended) return;
  }
}

void process::read_errors() {
  std::array<char, 4096> chunk{};
  for (;;) {
    const auto n = ::read(errors_fd_, chunk.data(), chunk.size());
    const std::lock_guard lock(mutex_);
    if (n <= 0) {
      errors_ended_ = true;
      changed_.notify_all();
      return;
    }
    errors_.append(chunk.data(), static_cast<std::size_t>(n));
  }
}

std::optional<std::string> process::next_line(std::chrono::milliseconds wait) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, wait, [this] { return !lines_.empty() || output_ended_; });
  if (lines_.empty()) return std::nullopt;
  auto line = std::move(lines_.front());
  lines_.pop_front();
  return line;
}

int process::wait() {
  if (status_) return *status_;
  {
    // Its outputs end when it does: that can be awaited, and waitpid then returns soon.
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, patience, [this] { return output_ended_ && errors_ended_; })) {
      FAIL("the program does not end; it says: " << errors_);
    }
  }
  int status = 0;
  ::waitpid(pid_, &status, 0);
  status_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return *status_;
}

std::string process::errors() {
  const std::lock_guard lock(mutex_);
  return errors_;
}

bool process::has_ended() {
  const std::lock_guard lock(mutex_);
  return output_ended_;
}

finished run_program(std::vector<std::string> arguments, const std::string& input) {
  process p(std::move(arguments));
  if (!input.empty()) p.write_line(input);
  p.close_input();
  std::string output;
  while (const auto line = p.next_line()) output += *line + "\n";
  const int status = p.wait();
  return {status, std::move(output), p.errors()};
}

}  // namespace wardline::test
