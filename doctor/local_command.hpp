#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <variant>

#include "common/net/address.hpp"
#include "common/util/clock.hpp"

/// The commands that the program itself does, not the running gateway.
namespace wardline::doctor {

struct passwd_command {
  bool remove = false;
};

struct backup_command {
  std::filesystem::path file;
};

struct restore_command {
  std::filesystem::path file;
};

/// What is not given is asked for, and so is the doctor's id.
struct setup_command {
  std::optional<net::address> reached_at;  ///< where patients find the gateway
  std::optional<bool> passphrase;          ///< whether the keys are to be protected by one
  std::string patient;                     ///< the first to be invited
  seconds valid_for;                       ///< of the invite
};

using local_command = std::variant<passwd_command, backup_command, restore_command, setup_command>;

}  // namespace wardline::doctor
