#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "common/cli/person.hpp"
#include "doctor/command_line.hpp"

namespace wardline::doctor {

/// `doctor setup`: asks `person` (nobody: nullptr) for what the command line does not say, makes
/// the doctor's identity, and an invite for the first patient. As `doctor identity` and `doctor
/// invite` together, and {"address","passphrase":"set" or "none","data_directory"}. Throws
/// `failure`: also if there is such a doctor already. What fails before the last answer has made
/// nothing.
nlohmann::ordered_json set_up(const command_line& given, const setup_command& what,
                              cli::person* person, const clock& time, crypto::random_source& random,
                              const crypto::passphrase_box::cost& cost = {});

/// What came of it, for a person, with the invite's QR code as text (or empty) and what to do next.
std::string setup_text(const nlohmann::ordered_json& result, const std::string& qr);

}  // namespace wardline::doctor
