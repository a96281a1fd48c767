// Any bytes as a stream of frames that arrives in pieces, through the connection itself: any split
// into reads gives the same frames and the same end as all of it at once.
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "common/net/framed_connection.hpp"
#include "tests/fuzz/support/input.hpp"

using namespace wardline;
using fuzz::must;

namespace {

/// What a reader is handed.
class listener final : public net::connection_handler {
 public:
  std::vector<bytes> frames;
  std::optional<errc> ended;
  net::framed_connection* connection = nullptr;
  std::size_t established_after = 0;  ///< so many frames; then the limit is the session's

  void on_frame(const protocol::frame& f) override {
    must(!ended, "no frame comes after the end");
    must(f.header().size() + f.body().size() == f.whole.size(), "a frame is its header and body");
    frames.push_back(to_bytes(f.whole));
    if (frames.size() == established_after) connection->established();
  }
  void on_closed(errc cause) override { ended = cause; }
};

/// What the protocol says of the same bytes: taken apart without any reads.
void read_at_once(byte_view stream, listener& to) {
  auto limit = protocol::handshake_frame_limit;
  while (true) {
    const auto size = protocol::frame_size(stream, limit);
    if (stream.size() >= 4) {
      const auto by_prefix = protocol::frame_size(stream.first(4), limit);
      must(by_prefix.has_value() == size.has_value() && (!size || *size == *by_prefix),
           "four bytes say how long a frame is");
    }
    must(!size || !*size || (**size >= protocol::header_size && **size <= limit + 4U),
         "no frame is shorter than its header or longer than the limit");
    const auto whole = size && *size && **size <= stream.size();
    const auto f = whole ? protocol::decode_frame(stream.first(**size), limit)
                         : result<protocol::frame>(errc::connection_lost);
    if (!size || !f) {
      to.ended = size ? to_errc(f.error()) : to_errc(size.error());
      return;
    }
    to.frames.push_back(to_bytes(f->whole));
    if (to.frames.size() == to.established_after) limit = protocol::session_frame_limit;
    stream = stream.subspan(**size);
  }
}

void read_in_pieces(byte_view stream, fuzz::input& pieces, listener& to) {
  static boost::asio::io_context io;
  static const system_clock time;
  int ends[2];
  must(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0, "there is a pair of sockets");
  boost::asio::ip::tcp::socket socket(io);
  socket.assign(boost::asio::ip::tcp::v4(), ends[0]);
  const auto connection = net::framed_connection::make(std::move(socket), time);
  to.connection = connection.get();
  connection->start(to);
  while (!stream.empty() && !to.ended) {
    const auto size = pieces.ended() ? stream.size() : std::size_t{1} + pieces.number();
    const auto piece = stream.first(std::min(stream.size(), size));
    stream = stream.subspan(piece.size());
    if (::send(ends[1], piece.data(), piece.size(), MSG_NOSIGNAL) < 0) break;
    io.restart();
    while (io.poll() != 0) {
    }
  }
  ::close(ends[1]);
  io.restart();
  while (io.poll() != 0) {
  }
  connection->close();
  io.restart();
  io.poll();
}

}  // namespace

WARDLINE_FUZZ_TARGET(in) {
  listener expected;
  listener seen;
  expected.established_after = seen.established_after = in.below(8);
  const auto split = in.take(in.below(64));
  const auto stream = in.rest();
  fuzz::input pieces(split.data(), split.size());
  read_at_once(stream, expected);
  read_in_pieces(stream, pieces, seen);
  must(seen.frames == expected.frames, "any split into reads gives the same frames");
  must(seen.ended == expected.ended, "any split into reads ends in the same way");
}
