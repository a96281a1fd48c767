#pragma once

#include <nlohmann/json_fwd.hpp>

#include "common/crypto/random.hpp"
#include "common/util/clock.hpp"
#include "doctor/command_line.hpp"

namespace wardline::doctor {

/// `doctor backup FILE`: everything that the doctor keeps, as it is at one moment, in one archive;
/// whether or not the gateway runs. Keys go along as they are kept. Audited, before it begins and
/// when it is done: by the gateway, if it runs. Throws `failure`; then there is no archive.
nlohmann::ordered_json make_backup(const command_line& line, const backup_command& what,
                                   const clock& time, crypto::random_source& random);

}  // namespace wardline::doctor
