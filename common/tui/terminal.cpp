#include "common/tui/terminal.hpp"

#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <poll.h>
#include <sys/eventfd.h>
#include <termios.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

#include "common/tui/curses_screen.hpp"
#include "common/tui/key_decoder.hpp"
#include "common/util/error.hpp"

namespace wardline::tui {
namespace {

// More wait in the terminal's own buffer.
constexpr std::size_t max_unread_keys = 4096;
// Within this time the rest of a key's sequence comes, also by way of a slow line.
constexpr int sequence_ms = 50;
constexpr std::chrono::seconds patience_at_the_end{1};

void signal_to(int event) noexcept {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto n = ::write(event, &one, sizeof one);
}

void forget_signals_of(int event) noexcept {
  std::uint64_t count = 0;
  [[maybe_unused]] const auto n = ::read(event, &count, sizeof count);
}

int make_event() {
  const int event = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  if (event < 0) throw failure("cannot use the terminal: out of descriptors");
  return event;
}

// SIGWINCH and SIGCONT wake the thread of the one terminal; a handler can do little more.
std::atomic<int> woken_by_signals{-1};
std::atomic<bool> was_continued{false};

void on_signal(int number) {
  const int before = errno;
  if (number == SIGCONT) was_continued = true;
  if (const int event = woken_by_signals; event >= 0) signal_to(event);
  errno = before;
}

/// Both signals are ours as long as this lives.
class signal_watch {
 public:
  explicit signal_watch(int event) {
    woken_by_signals = event;
    struct sigaction ours {};
    ours.sa_handler = on_signal;
    ours.sa_flags = SA_RESTART;
    ::sigfillset(&ours.sa_mask);
    ::sigaction(SIGWINCH, &ours, &size_before_);
    ::sigaction(SIGCONT, &ours, &continue_before_);
  }
  signal_watch(const signal_watch&) = delete;
  signal_watch& operator=(const signal_watch&) = delete;
  ~signal_watch() {
    ::sigaction(SIGWINCH, &size_before_, nullptr);
    ::sigaction(SIGCONT, &continue_before_, nullptr);
    woken_by_signals = -1;
  }

 private:
  struct sigaction size_before_ {};
  struct sigaction continue_before_ {};
};

}  // namespace

/// What both threads share. It lives as long as either of them.
class terminal::screen {
 public:
  screen() : keys_came_(make_event()), wake_(make_event()) {}
  screen(const screen&) = delete;
  screen& operator=(const screen&) = delete;
  ~screen() {
    ::close(keys_came_);
    ::close(wake_);
  }

  static void start(const std::shared_ptr<screen>& self) {
    self->signals_.emplace(self->wake_);
    self->curses_.emplace();
    self->extent_ = self->curses_->follow_size();
    // Signals are for the threads of the program, not for this one.
    sigset_t all;
    sigset_t before;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    self->thread_ = std::thread([self] { self->run(); });
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }

  /// Waits for the thread, but not for a terminal that takes nothing any more.
  void stop() {
    std::unique_lock lock(mutex_);
    is_stopping_ = true;
    signal_to(wake_);
    const auto over = [this] { return is_over_; };
    if (!changed_.wait_for(lock, patience_at_the_end, over)) {
      ::tcflush(STDOUT_FILENO, TCOFLUSH);
      changed_.wait_for(lock, patience_at_the_end, over);
    }
    const bool is_over = is_over_;
    lock.unlock();
    signals_.reset();
    if (is_over)
      thread_.join();
    else
      thread_.detach();
  }

  int descriptor() const noexcept { return keys_came_; }

  size extent() {
    const std::lock_guard lock(mutex_);
    return extent_;
  }

  void show(canvas picture) {
    const std::lock_guard lock(mutex_);
    picture_.emplace(std::move(picture));
    signal_to(wake_);
  }

  void redraw() {
    const std::lock_guard lock(mutex_);
    must_redraw_ = true;
    signal_to(wake_);
  }

  void beep() {
    const std::lock_guard lock(mutex_);
    must_beep_ = true;
    signal_to(wake_);
  }

  /// What has come since the last time.
  struct news {
    bool is_resized;
    std::deque<key> keys;
    bool has_ended;
  };
  news take() {
    forget_signals_of(keys_came_);
    const std::lock_guard lock(mutex_);
    if (keys_.size() >= max_unread_keys) signal_to(wake_);  // there is room again
    return {std::exchange(is_resized_, false), std::exchange(keys_, {}),
            std::exchange(has_ended_, false)};
  }

 private:
  // Everything below runs on the terminal's thread.
  void run() {
    while (step()) {
    }
    curses_.reset();
    const std::lock_guard lock(mutex_);
    is_over_ = true;
    changed_.notify_all();
  }

  bool step() {
    std::optional<canvas> picture;
    bool rings = false;
    bool redraws = false;
    bool has_room = false;
    {
      const std::lock_guard lock(mutex_);
      if (is_stopping_) return false;
      picture = std::exchange(picture_, std::nullopt);
      rings = std::exchange(must_beep_, false);
      redraws = std::exchange(must_redraw_, false);
      has_room = keys_.size() < max_unread_keys && !input_ended_;
    }
    redraws = was_continued.exchange(false) || redraws;
    const bool is_new = picture.has_value();
    if (is_new) shown_ = std::move(picture);
    if (redraws) curses_->resume();
    if (rings) curses_->beep();
    tell_size(curses_->follow_size());
    if (shown_ && (redraws || is_new)) curses_->draw(*shown_);
    wait(has_room);
    return true;
  }

  void tell_size(const size& now) {
    const std::lock_guard lock(mutex_);
    if (now == extent_) return;
    extent_ = now;
    is_resized_ = true;
    signal_to(keys_came_);
  }

  void wait(bool for_keys) {
    std::array<pollfd, 2> either{{{wake_, POLLIN, 0}, {STDIN_FILENO, POLLIN, 0}}};
    const int n = ::poll(either.data(), for_keys ? 2 : 1, decoder_.is_pending() ? sequence_ms : -1);
    if (n < 0) return;
    if (either[0].revents != 0) forget_signals_of(wake_);
    if (n == 0) return tell(decoder_.flush());
    if (for_keys && either[1].revents != 0) read_keys();
  }

  void read_keys() {
    std::array<char, 4096> bytes{};
    const ssize_t n = ::read(STDIN_FILENO, bytes.data(), bytes.size());
    if (n < 0 && (errno == EINTR || errno == EAGAIN)) return;
    if (n > 0) return tell(decoder_.decode({bytes.data(), static_cast<std::size_t>(n)}));
    const std::lock_guard lock(mutex_);
    input_ended_ = has_ended_ = true;
    signal_to(keys_came_);
  }

  void tell(std::vector<key> keys) {
    if (keys.empty()) return;
    const std::lock_guard lock(mutex_);
    for (auto& k : keys) keys_.push_back(std::move(k));
    signal_to(keys_came_);
  }

  const int keys_came_;
  const int wake_;
  std::optional<signal_watch> signals_;
  std::thread thread_;

  std::optional<curses_screen> curses_;  // of the thread, with the next two
  key_decoder decoder_;
  std::optional<canvas> shown_;

  std::mutex mutex_;  // for what follows
  std::condition_variable changed_;
  std::optional<canvas> picture_;
  std::deque<key> keys_;
  size extent_;
  bool is_resized_ = false;
  bool must_redraw_ = false;
  bool must_beep_ = false;
  bool input_ended_ = false;
  bool has_ended_ = false;  // not told yet
  bool is_stopping_ = false;
  bool is_over_ = false;
};

bool terminal::is_possible() noexcept { return curses_screen::is_possible(); }

terminal::terminal() : screen_(std::make_shared<screen>()) { screen::start(screen_); }

terminal::~terminal() { screen_->stop(); }

int terminal::descriptor() const noexcept { return screen_->descriptor(); }

void terminal::readable() {
  const auto news = screen_->take();
  if (news.is_resized && on_resize) on_resize();
  for (const auto& k : news.keys)
    if (on_key) on_key(k);
  if (news.has_ended && on_end) on_end();
}

size terminal::extent() const { return screen_->extent(); }

void terminal::show(canvas picture) { screen_->show(std::move(picture)); }

void terminal::redraw() { screen_->redraw(); }

void terminal::beep() { screen_->beep(); }

}  // namespace wardline::tui
