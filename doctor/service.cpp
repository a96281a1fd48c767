#include "doctor/service.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "doctor/gateway.hpp"

namespace wardline::doctor {
namespace {

constexpr milliseconds most_between{5'000};
constexpr milliseconds least_between{1};

std::string words_of(const gateway_status& s) {
  auto out = fmt::format("Listening on {}; {} of {} patients are connected", s.address, s.connected,
                         s.enrolled);
  if (s.waiting > 0) out += fmt::format("; {} wait to be admitted", s.waiting);
  if (s.overdue > 0)
    out += fmt::format("; OVERDUE: {} message{}", s.overdue, s.overdue == 1 ? "" : "s");
  return out;
}

}  // namespace

service::service(boost::asio::io_context& io, cli::service_manager& to, gateway& at)
    : to_(to), at_(at), timer_(io) {}

void service::begin() {
  if (!to_.is_there()) return;
  tell();
  to_.ready();
  tick();
}

void service::stopping() {
  is_stopping_ = true;
  to_.stopping();
  to_.status("Stopping: patients are told");
}

void service::tell() {
  try {
    const auto trouble = at_.last_trouble();
    to_.status(trouble.empty() ? words_of(at_.status()) : "TROUBLE: " + trouble);
  } catch (const failure& f) {
    to_.status(std::string("TROUBLE: ") + f.what());
  }
}

void service::tick() {
  const auto patience = to_.patience().value_or(2 * most_between);
  timer_.expires_after(std::clamp(patience / 2, least_between, most_between));
  timer_.async_wait([this](const boost::system::error_code& e) {
    if (e) return;
    if (to_.patience()) to_.alive();
    if (!is_stopping_) tell();
    tick();
  });
}

}  // namespace wardline::doctor
