#pragma once

#include <filesystem>
#include <string>

namespace wardline::doctor {

/// The ids of the doctors in the directories beside `directory`, for a hint to who has mistyped
/// one: "dr-lee, dr-wu", in order, ten at most. Empty if there are none or nobody may look.
std::string doctors_beside(const std::filesystem::path& directory);

}  // namespace wardline::doctor
