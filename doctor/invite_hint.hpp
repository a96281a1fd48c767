#pragma once

#include <string>

namespace wardline::doctor {

/// What to tell whoever has made this invite: that the address in it cannot be reached from other
/// machines. Empty if there is nothing to tell.
std::string invite_hint(const std::string& invite_text);

}  // namespace wardline::doctor
