#include "common/cli/paths.hpp"

#include <cstdlib>
#include <string>

#include "common/util/error.hpp"

namespace wardline::cli {
namespace {

std::filesystem::path data_home() {
  if (const char* xdg = std::getenv("XDG_DATA_HOME"); xdg != nullptr && *xdg == '/') return xdg;
  const char* home = std::getenv("HOME");
  if (home == nullptr || *home != '/') {
    throw failure("there is no home directory: HOME is missing or not an absolute path",
                  "Set HOME, or say with --data-dir where the data is.");
  }
  return std::filesystem::path(home) / ".local" / "share";
}

}  // namespace

std::filesystem::path default_data_directory(std::string_view role, std::string_view id) {
  const std::string name =
      id.starts_with('.') ? "%2E" + std::string(id.substr(1)) : std::string(id);
  return data_home() / "wardline" / role / name;
}

}  // namespace wardline::cli
