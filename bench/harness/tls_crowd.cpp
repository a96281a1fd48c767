#include "bench/harness/tls_crowd.hpp"

#include <utility>

namespace wardline::bench {

tls_crowd::tls_crowd(socket_crowd::on_bytes received, socket_crowd::on_close closed)
    : received_(std::move(received)),
      closed_(std::move(closed)),
      sockets_([this](index who, byte_view arrived) { take(who, arrived); },
               [this](index who) {
                 ends_[who].reset();
                 closed_(who);
               }) {}

tls_crowd::index tls_crowd::connect(std::uint16_t port) {
  ends_.emplace_back();
  return sockets_.connect(port);
}

void tls_crowd::secure(index who, const tls_context& context) {
  ends_[who] = std::make_unique<tls_end>(context);
  send(who, {});
}

void tls_crowd::send(index who, byte_view data) {
  if (!ends_[who]) {
    sockets_.send(who, data);
  } else {
    if (!pass_on(who, ends_[who]->send(data))) closed_(who);
  }
}

void tls_crowd::close(index who) {
  sockets_.close(who);
  ends_[who].reset();
}

// Sends what TLS wants sent, an alert too; false: it has ended the connection.
bool tls_crowd::pass_on(index who, const result<void>& outcome) {
  const auto output = ends_[who]->take_output();
  if (!output.empty()) sockets_.send(who, output);
  if (outcome) return true;
  trouble_ = ends_[who]->reason();
  close(who);
  return false;
}

void tls_crowd::take(index who, byte_view arrived) {
  if (!ends_[who]) {
    received_(who, arrived);
    return;
  }
  opened_.clear();
  const auto outcome = ends_[who]->take(arrived, opened_);
  const bool goes_on = pass_on(who, outcome);
  if (!opened_.empty()) received_(who, opened_);
  if (!goes_on) closed_(who);
}

}  // namespace wardline::bench
