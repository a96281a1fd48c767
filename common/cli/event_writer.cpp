#include "common/cli/event_writer.hpp"

#include <nlohmann/json.hpp>

namespace wardline::cli {

std::string json_line(const nlohmann::ordered_json& value) {
  return value.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace wardline::cli
