#include "common/net/framed_connection.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/execution/context.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/query.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/container/static_vector.hpp>

namespace wardline::net {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

// What one writev takes of Asio.
constexpr std::size_t max_gathered = 64;

// The length field does not count itself.
constexpr std::size_t largest_frame(std::uint32_t limit) { return std::size_t{limit} + 4; }

// The buffer that all connections of one io_context read into, one at a time.
class scratch final : public asio::execution_context::service {
 public:
  static inline asio::execution_context::id id;

  explicit scratch(asio::execution_context& owner) : service(owner) {}

  byte_array<largest_frame(protocol::session_frame_limit)> buffer;

 private:
  void shutdown() override {}
};

byte_span scratch_of(tcp::socket& socket) {
  auto& context = asio::query(socket.get_executor(), asio::execution::context);
  return asio::use_service<scratch>(context).buffer;
}

bool is_try_again(const error_code& ec) noexcept {
  return ec == asio::error::would_block || ec == asio::error::try_again ||
         ec == asio::error::interrupted;
}

}  // namespace

struct framed_connection::closing {
  asio::steady_timer deadline;
  std::function<void()> done;
  bool peer_is_done = false;
};

std::shared_ptr<framed_connection> framed_connection::make(tcp::socket socket, const clock& c,
                                                           write_bounds bounds) {
  return std::shared_ptr<framed_connection>(new framed_connection(std::move(socket), c, bounds));
}

framed_connection::framed_connection(tcp::socket socket, const clock& c, write_bounds bounds)
    : socket_(std::move(socket)),
      clock_(c),
      queue_(bounds),
      last_received_(c.steady()),
      last_sent_(last_received_),
      queued_since_(last_received_) {
  // A peer that is gone already shows itself at the first read.
  error_code ignored;
  remote_ = socket_.remote_endpoint(ignored);
  socket_.non_blocking(true, ignored);
  socket_.set_option(tcp::no_delay(true), ignored);
}

framed_connection::~framed_connection() = default;

void framed_connection::start(connection_handler& handler) {
  handler_ = &handler;
  if (phase_ == phase::open && !reading_) await_readable();
}

void framed_connection::await_readable() {
  reading_ = true;
  socket_.async_wait(tcp::socket::wait_read, [self = shared_from_this()](error_code ec) {
    self->reading_ = false;
    if (self->phase_ == phase::closed) return;
    if (ec) {
      self->fail(errc::connection_lost);
    } else if (self->phase_ == phase::open) {
      self->read();
    } else {
      self->discard();
    }
  });
}

// A pause is only for frames: the end of a connection that is closing is awaited in any case.
void framed_connection::read_on() {
  const bool is_paused = paused_ && phase_ == phase::open;
  if (phase_ != phase::closed && !is_paused && !reading_) await_readable();
}

void framed_connection::read() {
  if (paused_) return;  // resume_reading() waits anew
  // At most one frame is ever kept, so that a stranger holds 8 KiB of memory and no more.
  const std::size_t room = largest_frame(limit_) - kept_.size();
  const byte_span into = scratch_of(socket_).first(room);
  error_code ec;
  const std::size_t n = socket_.read_some(asio::buffer(into.data(), into.size()), ec);
  if (is_try_again(ec)) return await_readable();
  if (ec) return fail(errc::connection_lost);
  last_received_ = clock_.steady();
  if (kept_.empty()) {
    dispatch(into.first(n));
  } else {
    append(kept_, into.first(n));
    dispatch_kept();
  }
  read_on();
}

void framed_connection::dispatch(byte_view data) {
  while (!data.empty() && hand_over(data)) {
  }
  if (phase_ == phase::open) kept_.assign(data.begin(), data.end());
}

void framed_connection::dispatch_kept() {
  // Out of reach of what the handler may call.
  bytes data = std::exchange(kept_, {});
  byte_view rest = data;
  while (!rest.empty() && hand_over(rest)) {
  }
  if (phase_ != phase::open || rest.empty()) return;
  // In place: a peer that sends byte by byte does not make us copy the frame each time.
  data.erase(data.begin(), data.end() - static_cast<std::ptrdiff_t>(rest.size()));
  kept_ = std::move(data);
}

// Takes one frame from the front of `data` to the handler. False if it can go no further.
bool framed_connection::hand_over(byte_view& data) {
  if (phase_ != phase::open || paused_) return false;
  const auto size = protocol::frame_size(data, limit_);
  if (size.has_error()) {
    fail(to_errc(size.error()));
    return false;
  }
  if (!*size || data.size() < **size) return false;
  const auto f = protocol::decode_frame(data.first(**size), limit_);
  if (f.has_error()) {
    fail(to_errc(f.error()));
    return false;
  }
  data = data.subspan(**size);
  dispatching_ = true;
  handler_->on_frame(*f);
  dispatching_ = false;
  return true;
}

void framed_connection::resume_reading() {
  paused_ = false;
  if (phase_ != phase::open || dispatching_ || reading_ || handler_ == nullptr) return;
  reading_ = true;
  asio::post(socket_.get_executor(), [self = shared_from_this()] {
    self->reading_ = false;
    if (self->phase_ == phase::open) self->dispatch_kept();
    self->read_on();
  });
}

void framed_connection::send(bytes frame) { send(std::make_shared<const bytes>(std::move(frame))); }

void framed_connection::send(std::shared_ptr<const bytes> frame) {
  if (queue(std::move(frame))) schedule_flush();
}

void framed_connection::send_at_once(std::shared_ptr<const bytes> frame) {
  // What the kernel does not take, or refuses, is for a later turn: nothing is called from here.
  if (queue(std::move(frame)) && write_queued()) schedule_flush();
}

bool framed_connection::queue(std::shared_ptr<const bytes> frame) {
  if (phase_ != phase::open || write_broken_) return false;
  if (queue_.empty()) queued_since_ = clock_.steady();
  if (queue_.push(std::move(frame))) return true;

  // A peer that cannot keep up is never waited for. It is told to the handler later, so that one
  // who sends to many is not called back from the middle of it.
  phase_ = phase::closed;
  shut();
  asio::post(socket_.get_executor(), [self = shared_from_this()] {
    if (auto* handler = std::exchange(self->handler_, nullptr)) handler->on_closed(errc::busy);
  });
  return false;
}

void framed_connection::schedule_flush() {
  if (flush_due_) return;
  flush_due_ = true;
  asio::post(socket_.get_executor(), [self = shared_from_this()] { self->flush(); });
}

error_code framed_connection::write_queued() {
  boost::container::static_vector<asio::const_buffer, max_gathered> buffers;
  error_code ec;
  while (!queue_.empty()) {
    buffers.resize(max_gathered);
    buffers.resize(queue_.gather({buffers.data(), buffers.size()}));
    const std::size_t n = socket_.write_some(buffers, ec);
    if (ec) break;
    queue_.consume(n);
    last_sent_ = queued_since_ = clock_.steady();
  }
  return ec;
}

void framed_connection::flush() {
  flush_due_ = false;
  if (phase_ != phase::open && phase_ != phase::flushing) return;
  const auto ec = write_queued();
  if (is_try_again(ec)) return await_writable();
  if (ec) return write_failed(ec);
  if (phase_ == phase::flushing) linger();
}

void framed_connection::await_writable() {
  flush_due_ = true;
  socket_.async_wait(tcp::socket::wait_write, [self = shared_from_this()](error_code) {
    // An error shows itself at the write.
    self->flush();
  });
}

// The peer takes no more, but what it has said last (a DISCONNECT, often) may still be unread: the
// reading side ends the connection.
void framed_connection::write_failed(const error_code& ec) {
  const bool is_peers = ec == asio::error::broken_pipe || ec == asio::error::connection_reset;
  if (!is_peers || phase_ != phase::open || paused_ || !reading_) {
    return fail(errc::connection_lost);
  }
  write_broken_ = true;
  queue_.clear();
}

void framed_connection::close_after_flush(milliseconds deadline, std::function<void()> done) {
  if (phase_ != phase::open) return;
  phase_ = phase::flushing;
  handler_ = nullptr;
  kept_ = {};
  closing_ = std::make_unique<closing>(
      closing{asio::steady_timer(socket_.get_executor(), deadline), std::move(done)});
  closing_->deadline.async_wait([self = shared_from_this()](error_code ec) {
    if (!ec && self->phase_ != phase::closed) self->finish();
  });
  schedule_flush();
  if (!dispatching_) read_on();
}

// Everything is written. The peer has it once it closes too; to close first would, with anything
// of the peer's unread, send a reset that overtakes our last frame.
void framed_connection::linger() {
  phase_ = phase::lingering;
  error_code ec;
  socket_.shutdown(tcp::socket::shutdown_send, ec);
  if (ec || closing_->peer_is_done) finish();
}

// What a peer says to a connection that is ending: read, so that nothing is reset, and dropped.
void framed_connection::discard() {
  const byte_span into = scratch_of(socket_);
  error_code ec;
  socket_.read_some(asio::buffer(into.data(), into.size()), ec);
  if (!ec || is_try_again(ec)) return await_readable();
  closing_->peer_is_done = true;
  if (ec != asio::error::eof || phase_ == phase::lingering) finish();
}

void framed_connection::fail(errc cause) {
  if (phase_ == phase::flushing || phase_ == phase::lingering) return finish();
  phase_ = phase::closed;
  shut();
  if (auto* handler = std::exchange(handler_, nullptr)) handler->on_closed(cause);
}

void framed_connection::finish() {
  phase_ = phase::closed;
  shut();
  const auto ended = std::exchange(closing_, nullptr);
  if (ended->done) ended->done();
}

void framed_connection::close() {
  phase_ = phase::closed;
  handler_ = nullptr;
  shut();
  closing_.reset();
}

void framed_connection::shut() {
  error_code ignored;
  socket_.close(ignored);
  queue_.clear();
  kept_ = {};
}

std::optional<framed_connection::time_point> framed_connection::write_stalled_since()
    const noexcept {
  if (queue_.empty()) return std::nullopt;
  return queued_since_;
}

}  // namespace wardline::net
