#include "common/cli/line_editor.hpp"

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <locale.h>
#include <mutex>
#include <poll.h>
#include <signal.h>
#include <string>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <wchar.h>

#include <histedit.h>

#include "common/cli/table.hpp"
#include "common/util/error.hpp"
#include "common/util/text_width.hpp"

namespace wardline::cli {
namespace {

constexpr int remembered_lines = 200;
// What a terminal that is held (Ctrl-S) may make us keep; more is lost.
constexpr std::size_t max_unprinted = std::size_t{1} << 20U;

// libedit converts between bytes and characters by the locale of the process.
void use_utf8() {
  ::setlocale(LC_CTYPE, "");
  if (MB_CUR_MAX == 1) ::setlocale(LC_CTYPE, "C.UTF-8");
}

// libedit shows a control character as two, "^X".
std::size_t width_as_edited(std::string_view text) {
  std::size_t width = display_width(text);
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) ++width;
  }
  return width;
}

}  // namespace

struct line_editor::state {
  state(line_editor& owner, std::string first_prompt)
      : owner_(owner), prompt_(std::move(first_prompt)) {
    use_utf8();
    // Not before the locale is set. NOLINTNEXTLINE(cppcoreguidelines-prefer-member-initializer)
    wake_ = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (wake_ < 0) throw failure("cannot use the terminal: out of descriptors");
    // Signals are for the threads of the program, not for this one.
    sigset_t all;
    sigset_t before;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    thread_ = std::thread([this] { run(); });
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }

  ~state() {
    {
      const std::lock_guard lock(mutex_);
      is_stopping_ = true;
    }
    wake();
    thread_.join();
    ::close(wake_);
  }

  void print(std::string text) {
    if (text.empty() || text.back() != '\n') text.push_back('\n');
    {
      const std::lock_guard lock(mutex_);
      if (unprinted_.size() + text.size() > max_unprinted) return;
      unprinted_ += text;
    }
    wake();
  }

  void change_prompt(std::string text) {
    {
      const std::lock_guard lock(mutex_);
      next_prompt_ = std::move(text);
      has_next_prompt_ = true;
    }
    wake();
  }

 private:
  void wake() noexcept {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto n = ::write(wake_, &one, sizeof one);
  }

  // Everything below runs on the editor's thread.
  void run() {
    termios before{};
    ::tcgetattr(STDIN_FILENO, &before);
    disable_suspend();
    editor_ = ::el_init("wardline", stdin, stdout, stderr);
    if (editor_ != nullptr) edit();
    ::tcsetattr(STDIN_FILENO, TCSADRAIN, &before);
    if (!is_stopping()) owner_.put_eof();
  }

  void edit() {
    ::el_set(editor_, EL_CLIENTDATA, this);
    ::el_set(editor_, EL_PROMPT, &state::prompt_of);
    ::el_set(editor_, EL_EDITOR, "emacs");
    ::el_set(editor_, EL_SIGNAL, 0);
    ::el_set(editor_, EL_GETCFN, &state::next_character_of);
    History* history = ::history_init();
    HistEvent event;
    ::history(history, &event, H_SETSIZE, remembered_lines);
    ::history(history, &event, H_SETUNIQUE, 1);
    ::el_set(editor_, EL_HIST, &::history, history);

    while (true) {
      // libedit would do so after it has shown the prompt, and with a suspend key of its own.
      ::el_set(editor_, EL_PREP_TERM, 1);
      disable_suspend();
      int count = 0;
      const char* text = ::el_gets(editor_, &count);
      if (text == nullptr || count <= 0) break;
      std::string line(text, static_cast<std::size_t>(count));
      while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.pop_back();
      if (!line.empty()) ::history(history, &event, H_ENTER, line.c_str());
      if (!owner_.put(std::move(line))) break;
    }
    if (!is_stopping()) std::fputs("\n", stdout);  // after the "^D" that libedit shows
    print_rest();
    ::history_end(history);
    ::el_end(editor_);
  }

  // A gateway that is suspended by a slip of the finger holds up every patient.
  static void disable_suspend() {
    termios mode{};
    if (::tcgetattr(STDIN_FILENO, &mode) != 0) return;
    mode.c_cc[VSUSP] = _POSIX_VDISABLE;
    ::tcsetattr(STDIN_FILENO, TCSADRAIN, &mode);
  }

  bool is_stopping() {
    const std::lock_guard lock(mutex_);
    return is_stopping_;
  }

  static state& of(EditLine* editor) {
    void* self = nullptr;
    ::el_get(editor, EL_CLIENTDATA, &self);
    return *static_cast<state*>(self);
  }

  static char* prompt_of(EditLine* editor) { return of(editor).prompt_.data(); }
  static int next_character_of(EditLine* editor, wchar_t* c) { return of(editor).next(*c); }

  // libedit's wish for a key: 1 and the key, or 0 for the end. Between keys is where everything
  // else happens.
  int next(wchar_t& c) {
    while (true) {
      if (!handle_wake()) return 0;
      if (decode(c)) return 1;
      if (is_at_end_) return 0;
      std::array<pollfd, 2> either{{{STDIN_FILENO, POLLIN, 0}, {wake_, POLLIN, 0}}};
      if (::poll(either.data(), either.size(), -1) < 0 && errno != EINTR) return 0;
      follow_size();
      if (either[0].revents == 0) continue;
      const ssize_t n = ::read(STDIN_FILENO, input_.data(), input_.size());
      if (n < 0 && (errno == EINTR || errno == EAGAIN)) continue;
      is_at_end_ = n <= 0;
      input_first_ = 0;
      input_last_ = n <= 0 ? 0 : static_cast<std::size_t>(n);
    }
  }

  // The next character of what has been read; malformed bytes are left out.
  bool decode(wchar_t& c) {
    while (input_first_ < input_last_) {
      const std::size_t n = ::mbrtowc(&c, &input_[input_first_], 1, &decoding_);
      ++input_first_;
      if (n == static_cast<std::size_t>(-1)) decoding_ = {};
      if (n == 0) c = L'\0';
      if (n <= 1) return true;
    }
    return false;
  }

  void follow_size() {
    winsize now{};
    if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &now) != 0) return;
    if (now.ws_col != size_.ws_col || now.ws_row != size_.ws_row) ::el_resize(editor_);
    size_ = now;
  }

  // Prints what others want printed. False if it is time to stop.
  bool handle_wake() {
    std::uint64_t count = 0;
    if (::read(wake_, &count, sizeof count) < 0) return true;
    std::string text;
    bool is_last = false;
    bool is_changed = false;
    std::string new_prompt;
    {
      const std::lock_guard lock(mutex_);
      text = std::exchange(unprinted_, {});
      is_last = is_stopping_;
      is_changed = std::exchange(has_next_prompt_, false);
      if (is_changed) new_prompt = std::move(next_prompt_);
    }
    if (text.empty() && !is_last && !is_changed) return true;
    erase_line();
    std::fputs(text.c_str(), stdout);
    if (is_changed) prompt_ = std::move(new_prompt);
    if (!is_last) ::el_set(editor_, EL_REFRESH);
    std::fflush(stdout);
    return !is_last;
  }

  // Back to where the prompt begins, and everything from there away.
  void erase_line() {
    const LineInfo* line = ::el_line(editor_);
    const std::string_view before(line->buffer,
                                  static_cast<std::size_t>(line->cursor - line->buffer));
    const std::size_t columns = terminal_width(STDOUT_FILENO);
    const std::size_t rows = (display_width(prompt_) + width_as_edited(before)) / columns;
    std::fputs("\r", stdout);
    if (rows != 0) std::fprintf(stdout, "\x1b[%zuA", rows);
    std::fputs("\x1b[J", stdout);
  }

  void print_rest() {
    const std::lock_guard lock(mutex_);
    std::fputs(unprinted_.c_str(), stdout);
    std::fflush(stdout);
    unprinted_.clear();
  }

  line_editor& owner_;
  EditLine* editor_ = nullptr;
  int wake_ = -1;

  std::string prompt_;
  std::array<char, 256> input_{};
  std::size_t input_first_ = 0;
  std::size_t input_last_ = 0;
  mbstate_t decoding_{};
  bool is_at_end_ = false;
  winsize size_{};

  std::mutex mutex_;  // for what follows
  std::string unprinted_;
  std::string next_prompt_;
  bool has_next_prompt_ = false;
  bool is_stopping_ = false;

  std::thread thread_;
};

bool line_editor::is_possible() noexcept {
  const char* terminal = std::getenv("TERM");
  return ::isatty(STDIN_FILENO) == 1 && ::isatty(STDOUT_FILENO) == 1 && terminal != nullptr &&
         *terminal != '\0' && std::string_view(terminal) != "dumb";
}

line_editor::line_editor(std::string prompt)
    : state_(std::make_unique<state>(*this, std::move(prompt))) {}

line_editor::~line_editor() {
  stop();
  state_.reset();
}

void line_editor::print_above(std::string text) { state_->print(std::move(text)); }

void line_editor::set_prompt(std::string prompt) { state_->change_prompt(std::move(prompt)); }

}  // namespace wardline::cli
