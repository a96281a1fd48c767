#include "doctor/control/socket.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <fmt/format.h>

#include "common/util/error.hpp"

namespace wardline::doctor::control {

namespace {

failure cannot(const char* what, const std::filesystem::path& file,
               const boost::system::error_code& why) {
  return failure(fmt::format("cannot {} {}: {}", what, file.string(), why.message()),
                 "the data directory must be on a file system that takes Unix sockets, and "
                 "writable; choose another one with --data-dir");
}

boost::system::error_code last_error() { return {errno, boost::system::system_category()}; }

}  // namespace

socket_path::socket_path(const std::filesystem::path& directory)
    : file_(directory / "control.sock") {
  if (file_.native().size() < sizeof(sockaddr_un::sun_path)) return;
  directory_ = ::open(directory.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (directory_ < 0) throw cannot("open the directory of", file_, last_error());
}

socket_path::~socket_path() {
  if (directory_ >= 0) ::close(directory_);
}

local::endpoint socket_path::endpoint() const {
  if (directory_ < 0) return {file_.native()};
  return {fmt::format("/proc/self/fd/{}/{}", directory_, file_.filename().native())};
}

local::acceptor listen(boost::asio::io_context& io, const socket_path& path) {
  struct stat there {};
  if (::lstat(path.file().c_str(), &there) == 0) {
    if (!S_ISSOCK(there.st_mode))
      throw failure(fmt::format("{} is in the way: it is not a socket", path.file().string()),
                    "move it elsewhere");
    if (::unlink(path.file().c_str()) != 0) throw cannot("remove", path.file(), last_error());
  }

  boost::system::error_code error;
  local::acceptor out(io);
  out.open(local{}, error);
  if (error) throw cannot("make", path.file(), error);
  // Linux gives the file that bind() makes the mode of the socket, less the umask: so it is never
  // anything but 0600, and no other thread's files are touched by a changed umask.
  if (::fchmod(out.native_handle(), S_IRUSR | S_IWUSR) != 0)
    throw cannot("protect", path.file(), last_error());
  out.bind(path.endpoint(), error);
  if (error) throw cannot("make", path.file(), error);
  if (::lstat(path.file().c_str(), &there) != 0 || !S_ISSOCK(there.st_mode) ||
      (there.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    ::unlink(path.file().c_str());
    throw failure(fmt::format("{} cannot be kept from others", path.file().string()),
                  "choose a data directory on another file system with --data-dir");
  }
  out.listen(boost::asio::socket_base::max_listen_connections, error);
  if (error) throw cannot("listen at", path.file(), error);
  return out;
}

bool is_same_user(local::socket& peer) {
  ucred who{};
  socklen_t size = sizeof who;
  if (::getsockopt(peer.native_handle(), SOL_SOCKET, SO_PEERCRED, &who, &size) != 0) return false;
  return size == sizeof who && (who.uid == ::geteuid() || who.uid == 0);
}

}  // namespace wardline::doctor::control
