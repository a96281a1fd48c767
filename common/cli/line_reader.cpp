#include "common/cli/line_reader.hpp"

#include <array>
#include <cerrno>
#include <cstdint>
#include <poll.h>
#include <string>
#include <string_view>
#include <sys/eventfd.h>
#include <unistd.h>
#include <utility>

#include "common/util/error.hpp"

namespace wardline::cli {

line_reader::line_reader(int descriptor)
    : descriptor_(descriptor), wake_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  if (wake_ < 0) throw failure("cannot read lines: out of descriptors");
  thread_ = std::thread([this] { read(); });
}

line_reader::~line_reader() {
  stop();
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto n = ::write(wake_, &one, sizeof one);
  thread_.join();
  ::close(wake_);
}

void line_reader::read() {
  std::array<char, 4096> buffer;
  std::string line;
  bool is_begun = false;  // a line of no characters is one too, but only with its line feed
  while (true) {
    std::array<pollfd, 2> either{{{descriptor_, POLLIN, 0}, {wake_, POLLIN, 0}}};
    if (::poll(either.data(), either.size(), -1) < 0 && errno != EINTR) break;
    if (either[1].revents != 0) return;
    if (either[0].revents == 0) continue;
    const ssize_t n = ::read(descriptor_, buffer.data(), buffer.size());
    if (n < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (n <= 0) break;
    for (const char c : std::string_view(buffer.data(), static_cast<std::size_t>(n))) {
      is_begun = c != '\n';
      if (!is_begun) {
        if (!put(std::exchange(line, {}))) return;
      } else if (line.size() < max_line) {
        line.push_back(c);
      }
    }
  }
  if (is_begun && !put(std::move(line))) return;
  put_eof();
}

}  // namespace wardline::cli
