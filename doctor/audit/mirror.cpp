#include "doctor/audit/mirror.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include "common/util/error.hpp"

namespace wardline::doctor::audit {
namespace {

[[noreturn]] void fail(const std::string& what, const std::filesystem::path& file, int error) {
  throw failure(what + " " + file.string() + ": " + std::strerror(error),
                "look at the space and the rights there");
}

int flags_of(mirror::mode how) {
  constexpr int always = O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
  switch (how) {
    case mirror::mode::open:
      return O_RDONLY | always;
    case mirror::mode::make_or_open:
      break;
  }
  return O_RDWR | O_CREAT | always;
}

}  // namespace

mirror::mirror(std::filesystem::path file, mode how)
    : file_(std::move(file)), fd_(::open(file_.c_str(), flags_of(how), S_IRUSR | S_IWUSR)) {
  if (fd_ < 0) fail("cannot open", file_, errno);
  struct stat about {};
  const bool is_ours = ::fstat(fd_, &about) == 0 && S_ISREG(about.st_mode) &&
                       about.st_uid == ::geteuid() && (about.st_mode & 077U) == 0;
  if (is_ours) {
    end_ = how == mode::open ? static_cast<std::uint64_t>(about.st_size) : UINT64_MAX;
    return;
  }
  ::close(fd_);
  throw failure(file_.string() + " is no plain file of yours, or is open to others",
                "chmod 600 it, or move it away");
}

mirror::~mirror() {
  if (fd_ >= 0) ::close(fd_);
}

bool mirror::goes_on_with(std::string_view lines) {
  std::size_t from = static_cast<std::size_t>(size_ - ahead_at_);
  if (ahead_.size() - from < lines.size()) {
    ahead_.erase(0, from);
    ahead_at_ = size_;
    from = 0;
    std::array<char, 65'536> piece{};
    while (ahead_.size() < lines.size()) {
      const auto at = ahead_at_ + ahead_.size();
      const auto most = std::min<std::uint64_t>(piece.size(), end_ - std::min(end_, at));
      const auto n = ::pread(fd_, piece.data(), most, static_cast<off_t>(at));
      if (n < 0) fail("cannot read", file_, errno);
      if (n == 0) break;
      ahead_.append(piece.data(), static_cast<std::size_t>(n));
    }
  }
  const auto there = std::string_view(ahead_).substr(from, lines.size());
  differs_ = there != lines.substr(0, there.size());
  if (differs_ || there.size() < lines.size()) return false;
  size_ += lines.size();
  return true;
}

bool mirror::skip_to(std::string_view lines, std::uint64_t size) {
  struct stat about {};
  if (::fstat(fd_, &about) != 0) fail("cannot look at", file_, errno);
  const auto end = std::min(end_, static_cast<std::uint64_t>(about.st_size));
  const auto from = end - std::min(end, size);
  std::string last(static_cast<std::size_t>(end - from), '\0');
  std::size_t done = 0;
  while (done < last.size()) {
    const auto n =
        ::pread(fd_, last.data() + done, last.size() - done, static_cast<off_t>(from + done));
    if (n < 0) fail("cannot read", file_, errno);
    if (n == 0) return false;  // it has become shorter
    done += static_cast<std::size_t>(n);
  }
  // The first of the bytes read only shows whether the line behind it begins there.
  const auto found = last.find('\n' + std::string(lines));
  if (found == std::string::npos) return false;
  size_ = ahead_at_ = from + found + 1;
  return true;
}

bool mirror::has_more() const {
  struct stat about {};
  if (::fstat(fd_, &about) != 0) fail("cannot look at", file_, errno);
  return std::min(end_, static_cast<std::uint64_t>(about.st_size)) > size_;
}

void mirror::add(std::string_view lines) {
  std::size_t done = 0;
  while (done < lines.size()) {
    const auto n =
        ::pwrite(fd_, lines.data() + done, lines.size() - done, static_cast<off_t>(size_ + done));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail("cannot write", file_, errno);
    done += static_cast<std::size_t>(n);
  }
  size_ += lines.size();
}

}  // namespace wardline::doctor::audit
