#include "doctor/control/server.hpp"

#include <unistd.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <nlohmann/json.hpp>

#include "doctor/audit/names.hpp"
#include "doctor/control/confirmation.hpp"
#include "doctor/control/execute.hpp"
#include "doctor/control/reply.hpp"
#include "doctor/gateway.hpp"
#include "doctor/views_json.hpp"

namespace wardline::doctor::control {

namespace asio = boost::asio;
using boost::system::error_code;

/// One connection: reads a line, does what it says, answers, closes.
class server::client : public std::enable_shared_from_this<client> {
 public:
  client(server& of, local::socket peer) : of_(&of), peer_(std::move(peer)), deadline_(of.io_) {}

  void start() {
    set_deadline(of_->limits_.request_deadline);
    asio::async_read_until(peer_, asio::dynamic_buffer(line_, max_request + 1), '\n',
                           [self = shared_from_this()](const error_code& e, std::size_t size) {
                             self->on_line(e, size);
                           });
  }

  void reply(std::string line) {
    confirmation_.reset();
    line_ = std::move(line);
    line_ += '\n';
    set_deadline(of_->limits_.reply_deadline);
    asio::async_write(
        peer_, asio::buffer(line_),
        [self = shared_from_this()](const error_code&, std::size_t) { self->close(); });
  }

  /// Ends a wait for receipts with what is known; false if there is none.
  bool end_wait() {
    if (!confirmation_) return false;
    confirmation_->end();
    return true;
  }

  void close() {
    if (of_ == nullptr) return;
    confirmation_.reset();
    deadline_.cancel();
    error_code ignored;
    peer_.close(ignored);
    const auto self = shared_from_this();
    std::exchange(of_, nullptr)->clients_.erase(self);
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
    if (e && e != asio::error::not_found) return close();
    try {
      execute(understood(e ? too_long : size));
    } catch (const failure& why) {
      reply(error_line(why));
    } catch (const std::exception& why) {
      reply(error_line(failure(std::string("the gateway failed to do it: ") + why.what())));
    }
  }

  static constexpr std::size_t too_long = 0;  // where there is no end of the line

  request understood(std::size_t size) try {
    if (size == too_long) throw failure("the request is longer than 512 KiB");
    line_.resize(size - 1);
    return from_line(line_);
  } catch (const failure& why) {
    of_->at_.record_refused(audit::event::command_refused, "", why);
    throw;
  }

  void execute(const request& what) {
    nlohmann::ordered_json result;
    const auto waiting = control::execute(of_->at_, what, result);
    if (!waiting) return reply(reply_line(result));

    deadline_.cancel();
    const std::weak_ptr<client> weak = shared_from_this();
    confirmation_ = std::make_unique<confirmation>(of_->io_, of_->at_, *waiting,
                                                   [weak, message = waiting->message] {
                                                     if (const auto self = weak.lock())
                                                       self->confirmed(message);
                                                   });
    // A hang-up, not merely the end of what the client has to say, ends the wait.
    peer_.async_wait(local::socket::wait_error, [weak](const error_code& e) {
      const auto self = weak.lock();
      if (!e && self && self->confirmation_) self->close();
    });
  }

  void confirmed(const protocol::message_id& message) {
    if (of_ == nullptr) return;
    try {
      reply(reply_line(view::confirmation(of_->at_.delivery(message))));
    } catch (const failure& why) {
      reply(error_line(why));
    }
  }

  server* of_;  // none: closed
  local::socket peer_;
  asio::steady_timer deadline_;
  std::string line_;
  std::unique_ptr<confirmation> confirmation_;
};

server::server(asio::io_context& io, gateway& at, const std::filesystem::path& directory,
               const server_limits& limits)
    : io_(io),
      at_(at),
      limits_(limits),
      path_(directory),
      acceptor_(listen(io, path_)),
      pause_(io) {
  accept();
}

server::~server() {
  stop();
  while (!clients_.empty()) (*clients_.begin())->close();
}

void server::stop() {
  if (!acceptor_.is_open()) return;
  ::unlink(path_.file().c_str());
  error_code ignored;
  acceptor_.close(ignored);
  pause_.cancel();
  for (const auto& c : std::set(clients_)) c->end_wait();
}

void server::accept() {
  acceptor_.async_accept([this](const error_code& e, local::socket peer) {
    if (e == asio::error::operation_aborted) return;
    if (e) {  // out of descriptors, most likely: they come back, but not at once
      pause_.expires_after(milliseconds(200));
      pause_.async_wait([this](const error_code& stopped) {
        if (!stopped) accept();
      });
      return;
    }
    if (is_same_user(peer)) {
      const auto c = std::make_shared<client>(*this, std::move(peer));
      clients_.insert(c);
      if (clients_.size() > limits_.clients)
        c->reply(error_line(failure("too many commands at once", "try again in a moment")));
      else
        c->start();
    }
    accept();
  });
}

}  // namespace wardline::doctor::control
