#include "common/cli/passphrase.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <string>
#include <termios.h>
#include <unistd.h>

#include "common/util/error.hpp"

namespace wardline::cli {
namespace {

/// Bytes of a passphrase as they come in, in memory that is wiped.
class line {
 public:
  void push(byte c) {
    if (size_ == max_passphrase) throw failure("the passphrase has more than 1024 bytes");
    buffer_.writable()[size_++] = c;
  }
  void erase_character() noexcept {
    // The bytes of a UTF-8 character that follow its first one are 10xxxxxx.
    while (size_ > 0 && (buffer_.view()[--size_] & 0xc0U) == 0x80U) {
    }
  }
  void erase_all() noexcept { size_ = 0; }
  bool empty() const noexcept { return size_ == 0; }
  secret_bytes take() const {
    if (size_ == 0) throw failure("the passphrase is empty");
    return secret_bytes(buffer_.view().first(size_));
  }

 private:
  secret<max_passphrase> buffer_;
  std::size_t size_ = 0;
};

/// False at the end of what there is.
bool read_byte(int descriptor, byte& c) {
  for (;;) {
    const ssize_t n = ::read(descriptor, &c, 1);
    if (n >= 0) return n == 1;
    if (errno == EINTR) continue;
    if (errno == EIO) return false;  // a terminal that is gone
    throw failure(std::string("the passphrase cannot be read: ") + std::strerror(errno),
                  "Is it open? In a shell: --passphrase-fd 3 3<FILE");
  }
}

void say(int descriptor, std::string_view text) {
  [[maybe_unused]] const auto written = ::write(descriptor, text.data(), text.size());
}

/// No echo and no line editing of the terminal's own; and no signal may end the program in between
/// and leave the terminal so.
class silence {
 public:
  explicit silence(int descriptor) : descriptor_(descriptor) {
    if (::tcgetattr(descriptor_, &before_) != 0) throw failure("that is not a terminal");
    sigset_t most;
    sigemptyset(&most);
    for (const int s : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP}) sigaddset(&most, s);
    pthread_sigmask(SIG_BLOCK, &most, &mask_);
    termios now = before_;
    now.c_lflag &= ~static_cast<tcflag_t>(ECHO | ECHONL | ICANON | ISIG);
    now.c_cc[VMIN] = 1;
    now.c_cc[VTIME] = 0;
    ::tcsetattr(descriptor_, TCSAFLUSH, &now);
  }
  silence(const silence&) = delete;
  silence& operator=(const silence&) = delete;
  ~silence() {
    ::tcsetattr(descriptor_, TCSAFLUSH, &before_);
    pthread_sigmask(SIG_SETMASK, &mask_, nullptr);
  }

 private:
  int descriptor_;
  termios before_{};
  sigset_t mask_{};
};

constexpr byte ctrl_c = 3;
constexpr byte ctrl_d = 4;
constexpr byte backspace = 8;
constexpr byte ctrl_u = 21;
constexpr byte ctrl_backslash = 28;
constexpr byte rubout = 127;

}  // namespace

secret_bytes read_passphrase(int descriptor) {
  line out;
  byte c = 0;
  while (read_byte(descriptor, c) && c != '\n') out.push(c);
  wipe({&c, 1});
  return out.take();
}

secret_bytes first_line(byte_view content) {
  line out;
  const auto end = std::ranges::find(content, byte{'\n'});
  std::for_each(content.begin(), end, [&out](byte c) { out.push(c); });
  return out.take();
}

secret_bytes ask_passphrase(int descriptor, std::string_view prompt) {
  const silence quiet(descriptor);
  say(descriptor, prompt);
  line out;
  byte c = 0;
  for (;;) {
    const bool came = read_byte(descriptor, c);
    if (!came || c == ctrl_c || c == ctrl_backslash || (c == ctrl_d && out.empty())) {
      say(descriptor, "\n");
      throw failure("no passphrase was given");
    }
    if (c == '\n' || c == '\r' || c == ctrl_d) break;
    if (c == backspace || c == rubout) {
      out.erase_character();
    } else if (c == ctrl_u) {
      out.erase_all();
    } else {
      out.push(c);
    }
  }
  wipe({&c, 1});
  say(descriptor, "\n");
  return out.take();
}

}  // namespace wardline::cli
