#include "tests/support/recorded_random.hpp"

#include <array>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <sys/uio.h>
#include <unistd.h>

namespace wardline::test {

recorded_random::recorded_random(const std::string& path)
    : file_(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)) {
  if (file_ < 0) throw std::runtime_error("cannot record to " + path);
}

recorded_random::~recorded_random() { ::close(file_); }

void recorded_random::fill(byte_span out) {
  random_.fill(out);
  // One call, and no buffer: several threads draw, and nothing of it may stay in this process.
  auto size = big_endian<4>(out.size());
  const std::array<iovec, 2> parts{{{size.data(), size.size()}, {out.data(), out.size()}}};
  if (::writev(file_, parts.data(), parts.size()) !=
      static_cast<ssize_t>(size.size() + out.size())) {
    throw std::runtime_error("cannot record what was drawn");
  }
}

std::vector<bytes> recorded_random::read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const bytes all{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  std::vector<bytes> out;
  for (byte_view rest = all; rest.size() >= 4;) {
    const auto size = static_cast<std::size_t>(from_big_endian<4>(rest));
    rest = rest.subspan(4);
    if (size > rest.size()) break;
    out.push_back(to_bytes(rest.first(size)));
    rest = rest.subspan(size);
  }
  return out;
}

}  // namespace wardline::test
