#pragma once

#include <memory>
#include <optional>

#include <nlohmann/json_fwd.hpp>

#include "doctor/control/request.hpp"

namespace wardline::doctor {
class gateway;
}

namespace wardline::doctor::control {

/// A message that has been accepted and whose receipts the operator waits for.
struct awaited {
  protocol::message_id message;
  seconds at_most;
};

/// Does what is asked. The result is written to `result`, unless receipts are to be awaited: then
/// the result is what view::confirmation says when that is over. Throws `failure`; then nothing has
/// happened.
std::optional<awaited> execute(gateway& at, const request& r, nlohmann::ordered_json& result);

}  // namespace wardline::doctor::control
