#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "common/util/error.hpp"

/// The answer to a request: {"ok":true,"result":...} or {"ok":false,"error":"...","hint":"..."}.
namespace wardline::doctor::control {

std::string reply_line(const nlohmann::ordered_json& result);
std::string error_line(const failure& why);

/// The result. Throws `failure` with what the gateway says went wrong, or because the line is not
/// an answer.
nlohmann::ordered_json read_reply(std::string_view line);

}  // namespace wardline::doctor::control
