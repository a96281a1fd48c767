#pragma once

#include <filesystem>
#include <variant>

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

using local_command = std::variant<passwd_command, backup_command, restore_command>;

}  // namespace wardline::doctor
