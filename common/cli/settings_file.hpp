#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace wardline::cli {

/// Something that is wrong with what was set.
struct finding {
  std::string where;  ///< "FILE:LINE", "FILE" or the name of an environment variable
  std::string what;
  std::string hint;
};

/// What a configuration file says: TOML, one line `key = value` for each setting, without tables.
struct settings_file {
  enum class kind { text, whole_number, number, truth };

  struct entry {
    std::string key;
    std::string text;  ///< as it would stand on a command line; "true" or "false"
    kind type;
    std::string where;  ///< "FILE:LINE"
  };

  static constexpr std::size_t most_bytes = 65'536;

  std::string name;
  std::vector<entry> entries;     ///< in the order of the file
  std::vector<finding> findings;  ///< what is not TOML, or more than a value
};

/// Reads `toml`; `name` is what the file is called.
settings_file read_settings(std::string_view toml, const std::string& name);

}  // namespace wardline::cli
