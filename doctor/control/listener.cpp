#include "doctor/control/listener.hpp"

#include <unistd.h>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

#include "doctor/control/reply.hpp"
#include "doctor/control/request.hpp"

namespace wardline::doctor::control {

namespace asio = boost::asio;
using boost::system::error_code;

/// One connection: reads a line, writes the answer, closes.
class listener::client : public std::enable_shared_from_this<client> {
 public:
  client(listener& of, client_id id, local::socket peer)
      : of_(&of), id_(id), peer_(std::move(peer)), deadline_(of.io_) {}

  void start() {
    set_deadline(of_->limits_.request_deadline);
    asio::async_read_until(peer_, asio::dynamic_buffer(line_, max_request + 1), '\n',
                           [self = shared_from_this()](const error_code& e, std::size_t size) {
                             self->on_line(e, size);
                           });
  }

  void reply(std::string line) {
    line_ = std::move(line);
    line_ += '\n';
    set_deadline(of_->limits_.reply_deadline);
    asio::async_write(
        peer_, asio::buffer(line_),
        [self = shared_from_this()](const error_code&, std::size_t) { self->close(); });
  }

  void close() {
    if (of_ == nullptr) return;
    deadline_.cancel();
    error_code ignored;
    peer_.close(ignored);
    const auto self = shared_from_this();
    std::exchange(of_, nullptr)->clients_.erase(id_);
  }

 private:
  void set_deadline(milliseconds time) {
    deadline_.expires_after(time);
    deadline_.async_wait([self = shared_from_this()](const error_code& e) {
      if (!e) self->close();
    });
  }

  void on_line(const error_code& e, std::size_t size) {
    if (of_ == nullptr) return;
    const bool is_too_long = e == asio::error::not_found;
    if (e && !is_too_long) return close();
    deadline_.cancel();  // the answer may be waited for as long as receipts are
    // A hang-up, not merely the end of what the client has to say, ends the wait.
    peer_.async_wait(local::socket::wait_error, [self = shared_from_this()](const error_code& w) {
      if (w || self->of_ == nullptr) return;
      self->of_->tell_.on_hang_up(self->id_);
      self->close();
    });
    if (is_too_long) return of_->tell_.on_request(id_, std::nullopt);
    line_.resize(size - 1);
    of_->tell_.on_request(id_, std::exchange(line_, {}));
  }

  listener* of_;  // none: closed
  const client_id id_;
  local::socket peer_;
  asio::steady_timer deadline_;
  std::string line_;
};

listener::listener(const std::filesystem::path& directory, const server_limits& limits,
                   handler tell)
    : limits_(limits),
      tell_(std::move(tell)),
      path_(directory),
      acceptor_(listen(io_, path_)),
      pause_(io_),
      work_(io_.get_executor()) {
  accept();
  thread_ = std::thread([this] { io_.run(); });
}

listener::~listener() {
  stop();
  asio::post(io_, [this] {
    while (!clients_.empty()) clients_.begin()->second->close();
    io_.stop();
  });
  thread_.join();
}

void listener::reply(client_id to, std::string line) {
  asio::post(io_, [this, to, line = std::move(line)]() mutable {
    const auto found = clients_.find(to);
    if (found != clients_.end()) found->second->reply(std::move(line));
  });
}

void listener::stop() {
  ::unlink(path_.file().c_str());
  asio::post(io_, [this] {
    error_code ignored;
    acceptor_.close(ignored);
    pause_.cancel();
  });
}

void listener::accept() {
  acceptor_.async_accept([this](const error_code& e, local::socket peer) {
    if (!acceptor_.is_open()) return;
    if (e) {  // out of descriptors, most likely: they come back, but not at once
      pause_.expires_after(milliseconds(200));
      pause_.async_wait([this](const error_code& stopped) {
        if (!stopped) accept();
      });
      return;
    }
    if (is_same_user(peer)) admit(std::move(peer));
    accept();
  });
}

void listener::admit(local::socket peer) {
  const auto c = std::make_shared<client>(*this, ++last_, std::move(peer));
  clients_.emplace(last_, c);
  if (clients_.size() > limits_.clients)
    c->reply(error_line(failure("too many commands at once", "try again in a moment")));
  else
    c->start();
}

}  // namespace wardline::doctor::control
