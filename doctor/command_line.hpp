#pragma once

#include <optional>

#include "common/at_rest/passphrase.hpp"
#include "common/cli/config_command.hpp"
#include "common/cli/logger.hpp"
#include "doctor/audit_options.hpp"
#include "doctor/config.hpp"
#include "doctor/control/request.hpp"
#include "doctor/local_command.hpp"

namespace wardline::doctor {

/// What `doctor` was asked to do.
struct command_line {
  config settings;
  bool listen_given = false;
  bool menu = true;
  bool plain = false;  ///< the menu line by line, also on a terminal that could do more
  std::optional<net::address> metrics;  ///< where to serve them, if at all
  cli::log_level log = cli::log_level::info;
  cli::log_format log_format = cli::log_format::text;
  bool json = false;
  bool qr = false;                     ///< of an invite: as a QR code as well
  std::optional<audit_options> audit;  ///< `doctor audit`
  at_rest::passphrase_options passphrase;
  std::optional<local_command> local;               ///< a command that is not the gateway's
  std::optional<control::request> request;          ///< a command; nothing: run the gateway
  std::optional<cli::config_command> asked_config;  ///< `doctor config`
  cli::configured configuration;
};

/// Nothing if the program is to go on, otherwise its exit status (see `cli::parse`). Throws
/// `cli::usage_error` for what can be judged only when all has been read, and `failure` if there is
/// no default for the data directory.
std::optional<int> parse_command_line(int argc, const char* const* argv, command_line& out);

}  // namespace wardline::doctor
