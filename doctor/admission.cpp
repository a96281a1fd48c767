#include "doctor/admission.hpp"

#include <algorithm>

namespace wardline::doctor {

admission::source_state& admission::state_of(const std::string& source) {
  const auto found = by_name_.find(source);
  if (found != by_name_.end()) {
    recent_.splice(recent_.begin(), recent_, found->second);
    return recent_.front();
  }
  if (recent_.size() >= max_sources) {
    by_name_.erase(recent_.back().name);
    recent_.pop_back();
  }
  recent_.push_front({source, limits_.handshake_burst, time_.steady(), {}, {}});
  by_name_.emplace(source, recent_.begin());
  return recent_.front();
}

errc admission::full_handshake(const std::string& source) {
  auto& state = state_of(source);
  const auto now = time_.steady();
  if (now < state.closed_until) return errc::busy;

  const std::chrono::duration<double> passed = now - state.filled;
  state.filled = now;
  state.tokens = std::min(limits_.handshake_burst,
                          state.tokens + passed.count() * limits_.handshakes_per_second);
  if (state.tokens < 1) return errc::busy;
  state.tokens -= 1;
  return errc::ok;
}

bool admission::failed(const std::string& source) {
  auto& state = state_of(source);
  const auto now = time_.steady();
  while (!state.failures.empty() && now - state.failures.front() > limits_.failure_window) {
    state.failures.pop_front();
  }
  state.failures.push_back(now);
  if (state.failures.size() < limits_.failures) return false;
  state.failures.clear();
  const bool was_closed = now < state.closed_until;
  state.closed_until = now + limits_.close_for;
  return !was_closed;
}

bool admission::is_closed(const std::string& source) {
  const auto found = by_name_.find(source);
  return found != by_name_.end() && time_.steady() < found->second->closed_until;
}

}  // namespace wardline::doctor
