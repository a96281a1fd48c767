#pragma once

#include <string>

#include "common/cli/logger.hpp"
#include "common/crypto/suite.hpp"
#include "common/net/address.hpp"

/// Settings of the gateway that are words. Each throws `cli::usage_error` that says what is right.
namespace wardline::doctor {

void check_doctor(const std::string& id);
crypto::group_id group_of(const std::string& text);
net::address listen_address_of(const std::string& text);
/// A port alone is one of 127.0.0.1.
net::address metrics_address_of(const std::string& text);
cli::log_level log_level_of(const std::string& text);
cli::log_format log_format_of(const std::string& text);

}  // namespace wardline::doctor
