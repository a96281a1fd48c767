#pragma once

#include <filesystem>
#include <string_view>

namespace wardline::cli {

/// Where `role` ("doctor", "patient") keeps what belongs to `id` unless told otherwise:
/// $XDG_DATA_HOME/wardline/ROLE/ID, or ~/.local/share/wardline/ROLE/ID. A relative XDG_DATA_HOME is
/// ignored, as the XDG base directory specification says. A leading dot of an id becomes "%2E", so
/// that "." and ".." are names like any other. `id` must be of the protocol's alphabet.
///
/// Throws `failure` with a hint if HOME is missing or not an absolute path.
std::filesystem::path default_data_directory(std::string_view role, std::string_view id);

}  // namespace wardline::cli
