#include "common/net/connector.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

namespace wardline::net {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

// Beyond that many addresses of one name nobody is served better.
constexpr std::size_t max_addresses = 16;

}  // namespace

struct connector::state : std::enable_shared_from_this<connector::state> {
  state(asio::io_context& context, milliseconds patience, connected callback)
      : resolver(context),
        socket(context),
        timer(context),
        ends(asio::steady_timer::clock_type::now() + patience),
        on_connected(std::move(callback)) {}

  void begin(const address& where) {
    error_code ec = errc::invalid_encoding;
    if (is_host(where.host)) {
      const auto literal = asio::ip::make_address(where.host, ec);
      if (ec) return resolve(where);
      candidates = {tcp::endpoint(literal, where.port)};
    }
    last_error = ec;
    asio::post(socket.get_executor(), [self = shared_from_this()] { self->attempt(); });
  }

  void resolve(const address& where) {
    timer.expires_at(ends);
    timer.async_wait([self = shared_from_this()](const error_code& ec) {
      if (!ec) self->end(error_code(errc::timed_out));
    });
    resolver.async_resolve(where.host, std::to_string(where.port), tcp::resolver::numeric_service,
                           [self = shared_from_this()](const error_code& ec, const auto& found) {
                             if (!self->on_connected) return;
                             self->timer.cancel();
                             self->last_error = ec;
                             for (const auto& entry : found) {
                               if (self->candidates.size() < max_addresses)
                                 self->candidates.push_back(entry);
                             }
                             self->attempt();
                           });
  }

  // Each address gets its share of the time that is left, so that one that swallows everything does
  // not keep us from the next.
  void attempt() {
    if (!on_connected) return;
    if (next == candidates.size()) return end(last_error);
    const auto left = ends - asio::steady_timer::clock_type::now();
    const auto share = left / static_cast<int>(candidates.size() - next);
    timer.expires_after(std::max(share, asio::steady_timer::duration::zero()));
    timer.async_wait([self = shared_from_this(), which = next](const error_code& ec) {
      if (ec || which + 1 != self->next) return;
      self->has_timed_out = true;
      error_code ignored;
      self->socket.close(ignored);  // ends the wait for the connection
    });
    has_timed_out = false;
    const tcp::endpoint& to = candidates[next++];
    socket.async_connect(to, [self = shared_from_this()](const error_code& ec) {
      if (!self->on_connected) return;
      self->timer.cancel();
      if (!ec && !self->has_timed_out) return self->end(std::move(self->socket));
      self->last_error = self->has_timed_out ? error_code(errc::timed_out) : ec;
      error_code ignored;
      self->socket.close(ignored);
      self->attempt();
    });
  }

  void end(result<tcp::socket> outcome) {
    timer.cancel();
    if (const auto callback = std::exchange(on_connected, nullptr)) callback(std::move(outcome));
  }

  void cancel() {
    on_connected = nullptr;
    resolver.cancel();
    timer.cancel();
    error_code ignored;
    socket.close(ignored);
  }

  tcp::resolver resolver;
  tcp::socket socket;
  asio::steady_timer timer;
  asio::steady_timer::time_point ends;
  std::vector<tcp::endpoint> candidates;
  std::size_t next = 0;
  error_code last_error = asio::error::host_not_found;
  bool has_timed_out = false;
  connected on_connected;  // empty once it is over
};

connector::connector(asio::io_context& context, const address& where, milliseconds deadline,
                     connected on_connected)
    : state_(std::make_shared<state>(context, deadline, std::move(on_connected))) {
  state_->begin(where);
}

connector::~connector() { state_->cancel(); }

}  // namespace wardline::net
