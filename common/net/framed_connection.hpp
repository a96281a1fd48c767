#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>

#include <boost/asio/ip/tcp.hpp>

#include "common/net/write_queue.hpp"
#include "common/util/bytes.hpp"
#include "common/util/clock.hpp"
#include "common/util/error.hpp"
#include "protocol/constants.hpp"
#include "protocol/wire/frame.hpp"

namespace wardline::net {

using tcp = boost::asio::ip::tcp;

/// Who is told what a connection does. Either function may call anything of the connection;
/// neither may throw.
class connection_handler {
 public:
  /// One whole frame; the view ends when this returns.
  virtual void on_frame(const protocol::frame& f) = 0;

  /// The connection ended by itself, and this is its last word: connection_lost (the peer closed or
  /// the network did), protocol_error (what came is not a frame within the limit), busy (the peer
  /// reads too slowly: the bound of the write queue was passed).
  virtual void on_closed(errc cause) = 0;

 protected:
  ~connection_handler() = default;
};

/// Frames over a TCP socket. For one thread: that of the socket's io_context.
///
/// Nothing is called from inside a function of this class: `send` only queues, and what is queued
/// in one turn of the io_context goes out in one write. An idle connection owns no buffer: it waits
/// until there is something to read, reads into one buffer that the io_context's connections share,
/// and keeps only the beginning of an unfinished frame.
///
/// It keeps no deadline. Its times let an owner with one coarse timer do so for all.
class framed_connection : public std::enable_shared_from_this<framed_connection> {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  /// `c` must outlive the connection.
  static std::shared_ptr<framed_connection> make(tcp::socket socket, const clock& c,
                                                 write_bounds bounds = {});
  ~framed_connection();

  /// Begins to read. `handler` must stay until `on_closed`, `close` or `close_after_flush`.
  void start(connection_handler& handler);

  /// The limit of a frame's length is the session's from the next frame on (Section 5).
  void established() noexcept { limit_ = protocol::session_frame_limit; }

  /// After `pause_reading` no frame is handed over, and nothing more than what has already been
  /// read is kept in memory: TCP holds the peer up. The peer's leaving is not noticed meanwhile.
  void pause_reading() noexcept { paused_ = true; }
  void resume_reading();

  /// Queues a frame. A frame for many is passed to all as the same pointer, and exists once.
  /// Ignored once the connection is closed or closing. If the bound is passed the connection is
  /// over at once, and `on_closed(errc::busy)` follows in a later turn.
  void send(std::shared_ptr<const bytes> frame);
  void send(bytes frame);

  /// The same, but what is queued goes to the kernel before this returns, as far as it takes it
  /// now: for a frame to many, which then costs a system call each and no turn of the io_context.
  void send_at_once(std::shared_ptr<const bytes> frame);

  /// Ends the connection so that what is queued still arrives: writes it, shuts down our side and
  /// waits for the peer to close, all of it for `deadline` at most. The handler is forgotten now:
  /// neither `on_frame` nor `on_closed` is called any more. `done`, if given, is called at the end.
  void close_after_flush(milliseconds deadline, std::function<void()> done = {});

  /// Ends it now. No callback follows, neither the handler's nor `done`.
  void close();

  bool is_open() const noexcept { return phase_ == phase::open; }

  /// The peer, as it was when the connection was made.
  const tcp::endpoint& remote() const noexcept { return remote_; }

  std::size_t queued_bytes() const noexcept { return queue_.bytes(); }
  std::size_t max_queued_bytes() const noexcept { return queue_.bounds().bytes; }

  /// When bytes last came in and last went out to the kernel; the time of `make` before that.
  time_point last_received() const noexcept { return last_received_; }
  time_point last_sent() const noexcept { return last_sent_; }

  /// Since when something has been queued without a byte of progress; nothing if nothing is queued.
  std::optional<time_point> write_stalled_since() const noexcept;

 private:
  enum class phase { open, flushing, lingering, closed };
  struct closing;

  framed_connection(tcp::socket socket, const clock& c, write_bounds bounds);

  void await_readable();
  void read_on();
  void read();
  void discard();
  void dispatch(byte_view data);
  void dispatch_kept();
  bool hand_over(byte_view& data);
  bool queue(std::shared_ptr<const bytes> frame);
  void schedule_flush();
  boost::system::error_code write_queued();
  void flush();
  void await_writable();
  void write_failed(const boost::system::error_code& ec);
  void linger();
  void fail(errc cause);
  void finish();
  void shut();

  tcp::socket socket_;
  const clock& clock_;
  tcp::endpoint remote_;
  connection_handler* handler_ = nullptr;
  write_queue queue_;
  bytes kept_;  // read, but not handed over: an unfinished frame, or more while paused
  std::uint32_t limit_ = protocol::handshake_frame_limit;
  phase phase_ = phase::open;
  bool paused_ = false;
  bool reading_ = false;       // a wait for readability is under way
  bool dispatching_ = false;   // frames are being handed over
  bool write_broken_ = false;  // the peer takes no more; what it has sent is still read
  bool flush_due_ = false;     // a flush is posted, or a wait for writability under way
  time_point last_received_;
  time_point last_sent_;
  time_point queued_since_;
  std::unique_ptr<closing> closing_;
};

}  // namespace wardline::net
