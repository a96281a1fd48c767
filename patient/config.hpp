#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "common/at_rest/passphrase.hpp"
#include "common/cli/config_command.hpp"
#include "common/crypto/suite.hpp"
#include "common/net/address.hpp"
#include "common/util/clock.hpp"
#include "protocol/constants.hpp"

namespace wardline::patient {

inline constexpr std::string_view program_name = "patient";
inline const net::address default_address{"127.0.0.1", 7460};

/// What a command line asks for.
struct config {
  enum class command { run, enroll, identity, passwd, show_config, check_config };

  command what = command::run;
  std::string id;
  std::optional<std::filesystem::path> data_directory;  ///< nothing: by the XDG convention
  bool json = false;  ///< of `run` and `enroll`: events and words, no menu; else: printed so

  // For `run` and `enroll`.
  bool plain = false;                  ///< a menu line by line, even where there is a full screen
  std::string doctor_id;               ///< may be empty for `enroll`: the invite names the key
  std::string invite;                  ///< as it was typed; "-": it comes on standard input
  std::filesystem::path invite_file;   ///< that has it instead
  std::optional<net::address> doctor;  ///< nothing: the invite's, the one that is known, or default
  std::string doctor_fingerprint;      ///< as it was typed, or empty
  bool trust_on_first_use = false;
  seconds clock_window = std::chrono::duration_cast<seconds>(protocol::default_window);

  at_rest::passphrase_options passphrase;
  bool remove = false;  ///< for `passwd`

  // For `identity`.
  std::optional<crypto::group_id> group;

  cli::configured configuration;
};

}  // namespace wardline::patient
