#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "common/net/address.hpp"

/// Where the gateway listened last, in `DIR/listen`: what an invite names that is made while the
/// gateway does not run.
namespace wardline::doctor {

/// Throws `store::error`.
void keep_last_address(const std::filesystem::path& directory, const std::string& address);

/// Nothing if there is none that makes sense: then the invite names the default.
std::optional<net::address> last_address(const std::filesystem::path& directory);

}  // namespace wardline::doctor
