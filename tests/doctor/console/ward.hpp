#pragma once

#include <string>
#include <vector>

#include "common/util/bytes.hpp"
#include "doctor/console/model.hpp"

/// A ward for the console's tests, without a gateway.
namespace wardline::test {

constexpr unix_ms noon = 1'790'000'000'000;

inline protocol::message_id numbered(byte n) {
  protocol::message_id id{};
  id.value.fill(n);
  return id;
}

inline doctor::patient_row in_bed(const std::string& id, bool connected,
                                  std::size_t unconfirmed = 0) {
  return {id, {}, connected, false, {}, noon - 60'000, noon - 60'000, unconfirmed};
}

inline doctor::gateway_status status_of(std::size_t enrolled, std::size_t connected) {
  doctor::gateway_status s{};
  s.id = "dr-lee";
  s.address = "127.0.0.1:7460";
  s.enrolled = enrolled;
  s.connected = connected;
  return s;
}

inline doctor::message_received written(const std::string& from, const std::string& text,
                                        protocol::priority priority = protocol::priority::routine) {
  return {from,
          {numbered(1), noon, 0, protocol::content_type::text, priority, to_bytes(as_bytes(text))}};
}

inline doctor::message_summary broadcast_to(const std::vector<std::string>& patients,
                                            doctor::delivery_state state) {
  doctor::message_summary m{numbered(9),          true, noon, 0, protocol::priority::emergency,
                            "Stay in your rooms", {}};
  for (const auto& p : patients) m.deliveries.push_back({p, state, noon, {}, {}});
  return m;
}

}  // namespace wardline::test
