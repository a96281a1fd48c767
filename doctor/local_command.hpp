#pragma once

#include <variant>

/// The commands that the program itself does, not the running gateway.
namespace wardline::doctor {

struct passwd_command {
  bool remove = false;
};

using local_command = std::variant<passwd_command>;

}  // namespace wardline::doctor
