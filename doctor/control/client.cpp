#include "doctor/control/client.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "doctor/control/reply.hpp"
#include "doctor/control/socket.hpp"

namespace wardline::doctor::control {

namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr std::size_t max_reply = std::size_t{256} << 20U;
constexpr seconds patience{60};

struct longest_answer {
  seconds operator()(const broadcast_request& r) const {
    return patience + r.wait.value_or(seconds(0));
  }
  seconds operator()(const message_request& r) const {
    return patience + r.wait.value_or(seconds(0));
  }
  template <class Other>
  seconds operator()(const Other&) const {
    return patience;
  }
};

bool connect(local::socket& socket, const socket_path& path) {
  error_code error;
  socket.connect(path.endpoint(), error);
  if (!error) return true;
  if (error == boost::system::errc::no_such_file_or_directory ||
      error == boost::system::errc::connection_refused)
    return false;
  throw failure(
      fmt::format("cannot speak to the gateway at {}: {}", path.file().string(), error.message()),
      "run this as the user whose gateway it is");
}

/// The line that the gateway answers with; empty if none came in time.
std::string exchange(asio::io_context& io, local::socket& socket, const std::string& line,
                     seconds at_most) {
  std::string answer;
  bool answered = false;
  asio::async_write(socket, asio::buffer(line), [](const error_code&, std::size_t) {});
  // Read even if not all was written: a gateway that refuses says why before it hangs up.
  asio::async_read_until(socket, asio::dynamic_buffer(answer, max_reply), '\n',
                         [&](const error_code& e, std::size_t size) {
                           answered = !e;
                           answer.resize(e ? 0 : size - 1);
                           io.stop();
                         });
  io.run_for(at_most);
  return answered ? answer : std::string();
}

}  // namespace

bool ask(const std::filesystem::path& directory, const request& r, nlohmann::ordered_json& result) {
  const auto line = to_line(r) + "\n";
  std::error_code ignored;
  if (!std::filesystem::exists(directory / "control.sock", ignored)) return false;

  asio::io_context io;
  const socket_path path(directory);
  local::socket socket(io);
  if (!connect(socket, path)) return false;
  if (!is_same_user(socket))
    throw failure(fmt::format("the gateway at {} is another user's", path.file().string()),
                  "run this as that user");

  const auto answer = exchange(io, socket, line, std::visit(longest_answer{}, r));
  if (answer.empty())
    throw failure("the gateway does not answer",
                  "it may have ended meanwhile; what was asked may or may not have been done");
  result = read_reply(answer);
  return true;
}

}  // namespace wardline::doctor::control
