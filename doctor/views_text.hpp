#pragma once

#include <cstddef>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "common/util/clock.hpp"

/// The views of views_json.hpp for a person: tables at most `width` columns wide (0: as wide as
/// they come) and plain sentences, each line ended by a line feed, harmless on a terminal.
namespace wardline::doctor::view {

std::string identity_text(const nlohmann::ordered_json& v);
std::string status_text(const nlohmann::ordered_json& v, unix_ms now);
std::string patients_text(const nlohmann::ordered_json& v, std::size_t width);
std::string waiting_text(const nlohmann::ordered_json& v, std::size_t width);
std::string invites_text(const nlohmann::ordered_json& v, std::size_t width);
std::string invite_text(const nlohmann::ordered_json& v);
std::string delivery_text(const nlohmann::ordered_json& v, std::size_t width);
std::string deliveries_text(const nlohmann::ordered_json& v, std::size_t width);
std::string inbox_text(const nlohmann::ordered_json& v, std::size_t width);
std::string accepted_text(const nlohmann::ordered_json& v);
std::string confirmation_text(const nlohmann::ordered_json& v);

}  // namespace wardline::doctor::view
