#pragma once

#include <filesystem>
#include <optional>

#include <nlohmann/json_fwd.hpp>

#include "doctor/control/request.hpp"

namespace wardline::doctor::control {

/// Asks the gateway that runs on `directory` and waits for its answer, a minute longer than the
/// request allows for receipts. False, and nothing has happened, if no gateway runs there. Throws
/// `failure`: what the gateway says went wrong, or that it cannot be spoken to.
bool ask(const std::filesystem::path& directory, const request& r, nlohmann::ordered_json& result);

}  // namespace wardline::doctor::control
