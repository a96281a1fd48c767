#pragma once

#include <filesystem>
#include <string>

#include <boost/asio/local/stream_protocol.hpp>

/// The Unix socket `DIR/control.sock`, mode 0600, through which the operator's commands reach the
/// running gateway.
namespace wardline::doctor::control {

using local = boost::asio::local::stream_protocol;

/// Names the socket of a data directory to the kernel, which takes at most 107 bytes: a longer path
/// is reached through a descriptor of the directory.
class socket_path {
 public:
  explicit socket_path(const std::filesystem::path& directory);
  socket_path(const socket_path&) = delete;
  socket_path& operator=(const socket_path&) = delete;
  ~socket_path();

  const std::filesystem::path& file() const noexcept { return file_; }
  local::endpoint endpoint() const;

 private:
  std::filesystem::path file_;
  int directory_ = -1;
};

/// Binds and listens; a socket that an earlier gateway left is removed first, so the caller must
/// hold the directory's lock. There is no moment at which others could connect. Throws `failure`.
local::acceptor listen(boost::asio::io_context& io, const socket_path& path);

/// True if the process at the other end runs as this one's user, or as root.
bool is_same_user(local::socket& peer);

}  // namespace wardline::doctor::control
