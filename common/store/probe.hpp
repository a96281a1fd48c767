#pragma once

#include <filesystem>
#include <string>

namespace wardline::store {

/// Why the file system of `directory` takes no writing, in words; empty if it does. Tries with a
/// few KiB in a file without a name, of which nothing stays.
std::string why_not_writable(const std::filesystem::path& directory);

}  // namespace wardline::store
