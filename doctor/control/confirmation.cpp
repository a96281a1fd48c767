#include "doctor/control/confirmation.hpp"

#include "doctor/gateway.hpp"

namespace wardline::doctor::control {

namespace {

bool is_outstanding(delivery_state s) {
  return s == delivery_state::queued || s == delivery_state::sent;
}

}  // namespace

confirmation::confirmation(boost::asio::io_context& io, gateway& at, const awaited& what,
                           std::function<void()> done)
    : at_(at),
      message_(what.message),
      done_(std::move(done)),
      timer_(io),
      subscription_(at.events().subscribe([this](const event& e) { on_event(e); })) {
  try {
    for (const auto& d : at_.delivery(message_).deliveries)
      if (is_outstanding(d.state)) outstanding_.insert(d.patient_id);
  } catch (...) {
    at_.events().unsubscribe(subscription_);
    throw;
  }
  timer_.expires_after(outstanding_.empty() ? seconds(0) : what.at_most);
  timer_.async_wait([this](const boost::system::error_code& e) {
    if (!e) end();
  });
}

confirmation::~confirmation() { at_.events().unsubscribe(subscription_); }

void confirmation::end() {
  if (!done_) return;
  const auto done = std::move(done_);
  done_ = nullptr;
  done();
}

void confirmation::on_event(const event& e) {
  const auto* change = std::get_if<delivery_changed>(&e);
  if (change == nullptr || change->message != message_ || is_outstanding(change->state)) return;
  outstanding_.erase(change->patient);
  // By way of the timer: whoever publishes the event is not to find this object gone.
  if (outstanding_.empty()) {
    timer_.expires_after(seconds(0));
    timer_.async_wait([this](const boost::system::error_code& failed) {
      if (!failed) end();
    });
  }
}

}  // namespace wardline::doctor::control
