#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace CLI {
class App;
}

namespace wardline::doctor {

/// What `doctor audit` was asked for.
struct audit_options {
  enum class act { list, verify, write };
  act what = act::list;

  std::string since;
  std::string patient;
  std::string event;
  std::optional<std::uint64_t> limit;
  bool csv = false;

  std::filesystem::path file;  ///< of an export; "-" is standard output
  std::string fingerprint;     ///< whose export it has to be
  std::string known;           ///< NUMBER:HASH
};

/// `audit` with its own commands; `add_common` adds what every command has. What `given` says then,
/// once the command line has been parsed: nothing if it is another command.
class audit_command_options {
 public:
  audit_command_options(CLI::App& app, const std::function<void(CLI::App&)>& add_common);

  /// Throws `cli::usage_error`. `json`: whether --json was given.
  std::optional<audit_options> given(bool json) const;

 private:
  audit_options out_;
  std::uint64_t limit_ = 0;
  CLI::App* list_;
  CLI::App* verify_;
  CLI::App* write_;
};

}  // namespace wardline::doctor
