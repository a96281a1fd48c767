#include "doctor/control/reply.hpp"

#include <nlohmann/json.hpp>

#include "common/cli/event_writer.hpp"

namespace wardline::doctor::control {

using json = nlohmann::ordered_json;

std::string reply_line(const json& result) {
  return cli::json_line({{"ok", true}, {"result", result}});
}

std::string error_line(const failure& why) {
  json out{{"ok", false}, {"error", why.what()}};
  if (!why.hint().empty()) out["hint"] = why.hint();
  return cli::json_line(out);
}

json read_reply(std::string_view line) {
  auto value = json::parse(line.begin(), line.end(), nullptr, false);
  if (value.is_object() && value.contains("ok") && value["ok"].is_boolean()) {
    if (value["ok"].get<bool>() && value.contains("result")) return std::move(value["result"]);
    const auto error = value.find("error");
    if (error != value.end() && error->is_string()) {
      const auto hint = value.find("hint");
      throw failure(error->get<std::string>(), hint != value.end() && hint->is_string()
                                                   ? hint->get<std::string>()
                                                   : std::string());
    }
  }
  throw failure("the gateway answered with something that is not an answer",
                "are the gateway and this program of the same version?");
}

}  // namespace wardline::doctor::control
