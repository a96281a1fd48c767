#pragma once

#include <nlohmann/json_fwd.hpp>

#include "doctor/events.hpp"

namespace wardline::doctor {

/// An event for programs: "event" names it, the rest are its members (docs/cli.md, "Events").
nlohmann::ordered_json to_json(const event& e);

/// The same for a log: what patients write stays out of it.
nlohmann::ordered_json to_log_json(const event& e);

}  // namespace wardline::doctor
