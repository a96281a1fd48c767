#include "doctor/events.hpp"

namespace wardline::doctor {

std::uint64_t connection_of(const event& e) noexcept {
  const auto number = [](const auto& one) -> std::uint64_t {
    if constexpr (requires { one.connection; }) return one.connection;
    return 0;
  };
  return std::visit(number, e);
}

int event_hub::subscribe(handler h) {
  handlers_.emplace(next_, std::move(h));
  return next_++;
}

void event_hub::unsubscribe(int subscription) { handlers_.erase(subscription); }

void event_hub::publish(const event& e) {
  // A handler may unsubscribe itself or others while it is told, so look each one up again.
  for (auto it = handlers_.begin(); it != handlers_.end();) {
    const int subscription = it->first;
    const handler h = it->second;
    h(e);
    it = handlers_.upper_bound(subscription);
  }
}

}  // namespace wardline::doctor
