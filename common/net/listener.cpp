#include "common/net/listener.hpp"

#include <chrono>
#include <utility>
#include <vector>

#include <boost/asio/error.hpp>
#include <boost/asio/ip/v6_only.hpp>

#include "common/util/error.hpp"

namespace wardline::net {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

// While there are no descriptors: long enough not to spin, short enough not to be noticed.
constexpr std::chrono::milliseconds pause_without_descriptors{100};

constexpr std::size_t accepted_in_one_turn = 16;

std::vector<tcp::endpoint> resolve(asio::io_context& context, const address& where) {
  error_code ec;
  const auto literal = asio::ip::make_address(where.host, ec);
  if (!ec) return {tcp::endpoint(literal, where.port)};
  tcp::resolver resolver(context);
  const auto found = resolver.resolve(where.host, std::to_string(where.port),
                                      tcp::resolver::passive | tcp::resolver::numeric_service, ec);
  if (ec) {
    throw failure("cannot listen on " + address_text(where) + ": " + ec.message(),
                  "Use an address of this machine, for example 127.0.0.1 or 0.0.0.0 for all.");
  }
  return {found.begin(), found.end()};
}

error_code listen(tcp::acceptor& acceptor, const tcp::endpoint& at) {
  error_code ec;
  acceptor.open(at.protocol(), ec);
  if (ec) return ec;
  acceptor.set_option(tcp::acceptor::reuse_address(true), ec);
  if (ec) return ec;
  if (at.address().is_v6()) {
    acceptor.set_option(asio::ip::v6_only(!at.address().is_unspecified()), ec);
    if (ec) return ec;
  }
  acceptor.bind(at, ec);
  if (ec) return ec;
  acceptor.listen(tcp::acceptor::max_listen_connections, ec);
  if (ec) return ec;
  acceptor.non_blocking(true, ec);
  return ec;
}

[[noreturn]] void refuse(const address& where, const error_code& ec) {
  const std::string text = address_text(where);
  if (ec == asio::error::address_in_use) {
    throw failure(text + " is in use",
                  "Stop the program that listens there, or choose another address with --listen.");
  }
  if (ec == asio::error::access_denied) {
    throw failure("listening on " + text + " is not permitted",
                  "Ports below 1024 need a privilege; choose another one with --listen.");
  }
  if (ec == boost::system::errc::address_not_available) {
    throw failure(text + " is not an address of this machine",
                  "Use 127.0.0.1, 0.0.0.0 for all, or one of those that \"ip address\" shows.");
  }
  throw failure("cannot listen on " + text + ": " + ec.message());
}

bool is_out_of_descriptors(const error_code& ec) noexcept {
  return ec == asio::error::no_descriptors || ec == asio::error::no_memory ||
         ec == asio::error::no_buffer_space ||
         ec == boost::system::errc::too_many_files_open_in_system;
}

}  // namespace

struct listener::state : std::enable_shared_from_this<listener::state> {
  explicit state(asio::io_context& context) : acceptor(context), timer(context) {}

  void accept() {
    acceptor.async_wait(tcp::acceptor::wait_read, [self = shared_from_this()](const error_code&) {
      if (!self->is_stopped) self->accept_some();
    });
  }

  // When thousands come at once, one in each turn would let the kernel's queue overflow.
  void accept_some() {
    for (std::size_t i = 0; i < accepted_in_one_turn; ++i) {
      error_code ec;
      tcp::endpoint peer;
      tcp::socket socket = acceptor.accept(peer, ec);
      if (!ec) on_accepted(std::move(socket), peer);
      if (is_stopped) return;  // perhaps by what was just called
      // Any other error is of that one connection, which is gone (accept(2), "ECONNABORTED").
      if (is_out_of_descriptors(ec)) return wait();
      if (ec == asio::error::would_block || ec == asio::error::try_again) break;
    }
    accept();
  }

  void wait() {
    timer.expires_after(pause_without_descriptors);
    timer.async_wait([self = shared_from_this()](const error_code& ec) {
      if (!ec && !self->is_stopped) self->accept();
    });
  }

  tcp::acceptor acceptor;
  asio::steady_timer timer;
  accepted on_accepted;
  bool is_stopped = false;
};

listener::listener(asio::io_context& context, const address& where)
    : state_(std::make_shared<state>(context)) {
  error_code ec = asio::error::host_not_found;
  for (const auto& endpoint : resolve(context, where)) {
    ec = listen(state_->acceptor, endpoint);
    if (!ec) return;
    error_code ignored;
    state_->acceptor.close(ignored);
  }
  refuse(where, ec);
}

listener::~listener() { stop(); }

tcp::endpoint listener::local() const {
  error_code ignored;
  return state_->acceptor.local_endpoint(ignored);
}

void listener::start(accepted on_accepted) {
  state_->on_accepted = std::move(on_accepted);
  state_->accept();
}

void listener::stop() {
  state_->is_stopped = true;
  error_code ignored;
  state_->acceptor.close(ignored);
  state_->timer.cancel();
}

}  // namespace wardline::net
