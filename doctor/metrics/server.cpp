#include "doctor/metrics/server.hpp"

#include <optional>
#include <utility>

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include "common/store/probe.hpp"

namespace wardline::doctor::metrics {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;

/// One connection: a request, its answer, the end.
class server::visit : public std::enable_shared_from_this<visit> {
 public:
  visit(server& of, net::tcp::socket peer)
      : of_(of), peer_(std::move(peer)), deadline_(of.io_), gateway_deadline_(of.io_) {
    ++of_.visits_;
    parser_.header_limit(static_cast<std::uint32_t>(of_.limits_.header_bytes));
    parser_.body_limit(std::uint64_t{0});
  }
  visit(const visit&) = delete;
  visit& operator=(const visit&) = delete;
  ~visit() { --of_.visits_; }

  void start() {
    deadline_.expires_after(of_.limits_.client_deadline);
    deadline_.async_wait([self = shared_from_this()](const error_code& e) {
      if (!e) self->close();
    });
    http::async_read(
        peer_, buffer_, parser_,
        [self = shared_from_this()](const error_code& e, std::size_t) { self->on_request(e); });
  }

 private:
  void on_request(const error_code& e) {
    if (e == http::error::header_limit || e == http::error::body_limit)
      return answer(http::status::request_header_fields_too_large, "the request is too long\n");
    if (e.category() == http::make_error_code(http::error::bad_method).category() &&
        e != http::error::end_of_stream && e != http::error::partial_message)
      return answer(http::status::bad_request, "that is not HTTP\n");
    if (e) return close();
    const auto method = parser_.get().method();
    if (method != http::verb::get && method != http::verb::head)
      return answer(http::status::method_not_allowed, "GET or HEAD\n");
    const auto whole = parser_.get().target();
    const auto path = whole.substr(0, whole.find('?'));
    if (path != "/metrics" && path != "/healthz")
      return answer(http::status::not_found, "there are /metrics and /healthz\n");
    ask(path == "/metrics");
  }

  void ask(bool for_metrics) {
    gateway_deadline_.expires_after(of_.limits_.gateway_deadline);
    gateway_deadline_.async_wait([self = shared_from_this()](const error_code& e) {
      if (!e) self->answer(http::status::service_unavailable, "the gateway does not answer\n");
    });
    of_.ask([weak = weak_from_this(), for_metrics](const figures& of_gateway) {
      if (const auto self = weak.lock()) self->on_figures(of_gateway, for_metrics);
    });
  }

  void on_figures(const figures& of_gateway, bool for_metrics) {
    gateway_deadline_.cancel();
    if (for_metrics && !of_gateway.text.empty()) return answer(http::status::ok, of_gateway.text);
    auto reason = of_gateway.trouble;
    if (reason.empty()) {
      const auto disk = store::why_not_writable(of_.directory_);
      if (!disk.empty()) reason = "the data directory takes no writing: " + disk;
    }
    if (reason.empty() && !for_metrics) return answer(http::status::ok, "ok\n");
    answer(http::status::service_unavailable, reason + "\n");
  }

  void answer(http::status status, std::string text) {
    if (reply_) return;
    const bool is_head = parser_.get().method() == http::verb::head;
    reply_.emplace(status, 11);
    reply_->set(http::field::content_type, "text/plain; version=0.0.4; charset=utf-8");
    reply_->set(http::field::cache_control, "no-store");
    if (status == http::status::method_not_allowed) reply_->set(http::field::allow, "GET, HEAD");
    reply_->keep_alive(false);
    reply_->content_length(text.size());
    if (!is_head) reply_->body() = std::move(text);
    http::async_write(peer_, *reply_, [self = shared_from_this()](const error_code&, std::size_t) {
      self->close();
    });
  }

  void close() {
    deadline_.cancel();
    gateway_deadline_.cancel();
    error_code ignored;
    peer_.shutdown(net::tcp::socket::shutdown_send, ignored);
    peer_.close(ignored);
  }

  server& of_;
  net::tcp::socket peer_;
  asio::steady_timer deadline_;
  asio::steady_timer gateway_deadline_;
  boost::beast::flat_buffer buffer_;
  http::request_parser<http::empty_body> parser_;
  std::optional<http::response<http::string_body>> reply_;
};

server::server(asio::io_context& gateway, const net::address& where, std::function<figures()> look,
               std::filesystem::path directory, const server_limits& limits)
    : gateway_(gateway),
      look_(std::move(look)),
      directory_(std::move(directory)),
      limits_(limits),
      listener_(io_, where),
      work_(io_.get_executor()) {
  listener_.start(
      [this](net::tcp::socket peer, const net::tcp::endpoint&) { admit(std::move(peer)); });
  thread_ = std::thread([this] { io_.run(); });
}

server::~server() {
  io_.stop();
  thread_.join();
}

void server::admit(net::tcp::socket peer) {
  if (visits_ >= limits_.clients) return;  // closed, as it is the last owner
  std::make_shared<visit>(*this, std::move(peer))->start();
}

/// There and back: `look_` is the gateway's, and `answer` ours.
void server::ask(std::function<void(const figures&)> answer) {
  asio::post(gateway_, [this, alive = std::weak_ptr(alive_), answer = std::move(answer)] {
    if (alive.expired()) return;  // destroyed on this thread, so not in the midst of this
    figures of_gateway;
    try {
      of_gateway = look_();
    } catch (const std::exception& e) {
      of_gateway = {{}, e.what()};
    }
    asio::post(io_, [answer, of_gateway = std::move(of_gateway)] { answer(of_gateway); });
  });
}

}  // namespace wardline::doctor::metrics
