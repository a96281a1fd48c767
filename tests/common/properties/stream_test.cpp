// However TCP cuts a stream up, a connection hands over the frames that were sent, whole and in
// order, until the first bytes that are none.
#include <functional>

#include <boost/asio/io_context.hpp>
#include <boost/asio/write.hpp>

#include "common/net/framed_connection.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/property.hpp"

namespace wardline::test {
namespace {

namespace asio = boost::asio;
using net::tcp;

class recorder final : public net::connection_handler {
 public:
  void on_frame(const protocol::frame& f) override {
    frames.push_back(to_bytes(f.whole));
    if (then) then();
  }
  void on_closed(errc cause) override { closed = cause; }

  std::vector<bytes> frames;
  std::optional<errc> closed;
  std::function<void()> then;
};

bytes any_frame() {
  const auto type = *rc::gen::element(protocol::frame_type::hello, protocol::frame_type::verifier,
                                      protocol::frame_type::auth_request);
  const auto size = *rc::gen::weightedOneOf<std::size_t>(
      {{5, rc::gen::inRange<std::size_t>(0, 20)},
       {1, rc::gen::inRange<std::size_t>(0, protocol::handshake_frame_limit - 3)}});
  return protocol::encode_frame(type, bytes(size, *rc::gen::arbitrary<byte>()));
}

}  // namespace

TEST_CASE("however a stream is cut up, its frames are handed over whole, in order, and no others") {
  property([] {
    asio::io_context context;
    manual_clock time;
    recorder handler;
    tcp::acceptor acceptor(context, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
    tcp::socket peer(context);
    peer.connect(acceptor.local_endpoint());
    peer.set_option(tcp::no_delay(true));
    const auto connection = net::framed_connection::make(acceptor.accept(), time);

    std::vector<bytes> sent;
    bytes stream;
    const auto count = *rc::gen::inRange(0, 8).as("frames");
    for (int i = 0; i < count; ++i) {
      sent.push_back(any_frame());
      append(stream, sent.back());
    }
    // After them perhaps bytes that are no frame, and then one that would be.
    const bool ends_badly = *rc::gen::arbitrary<bool>().as("ends badly");
    if (ends_badly) {
      append(stream,
             *rc::gen::element(bytes{0, 0, 0, 3, 1, 10, 0, 0}, bytes(8, 0xff),
                               bytes{0, 0, 0, 4, 2, 10, 0, 0}, bytes{0, 0, 0, 4, 1, 99, 0, 0},
                               bytes{0, 0, 0, 4, 1, 10, 0, 1}));
      append(stream, any_frame());
    }
    // Some frames make the owner pause, as a computation does.
    const auto pause_at = *rc::gen::inRange<std::size_t>(1, 12).as("pause at");
    handler.then = [&] {
      if (handler.frames.size() == pause_at) connection->pause_reading();
    };
    connection->start(handler);

    for (byte_view rest = stream; !rest.empty();) {
      const auto most =
          std::min<std::size_t>(rest.size(), *rc::gen::element<std::size_t>(1, 9, 9000));
      const auto size = *rc::gen::inRange<std::size_t>(1, most + 1).as("piece");
      boost::system::error_code ec;  // the end may have closed already
      asio::write(peer, asio::buffer(rest.data(), size), ec);
      rest = rest.subspan(size);
      context.restart();
      context.poll();
    }
    boost::system::error_code ec;
    peer.shutdown(tcp::socket::shutdown_send, ec);
    if (pause_at <= sent.size()) {
      while (handler.frames.size() < pause_at) {
        context.restart();
        context.run_one();
      }
      RC_ASSERT(handler.frames.size() == pause_at);
      handler.then = nullptr;
      connection->resume_reading();
    }
    while (!handler.closed) {
      context.restart();
      context.run_one();
    }
    RC_ASSERT(handler.frames == sent);
    RC_ASSERT(*handler.closed == (ends_badly ? errc::protocol_error : errc::connection_lost));
  });
}

}  // namespace wardline::test
