#pragma once

#include <nlohmann/json_fwd.hpp>

#include "common/crypto/random.hpp"
#include "common/util/clock.hpp"
#include "doctor/command_line.hpp"

namespace wardline::doctor {

/// `doctor restore FILE`: unpacks an archive of `make_backup` into the data directory, which is
/// empty or not there yet; it is there whole or not at all. Section 9: generation numbers are never
/// used twice, also not after a restore, so a wide step is taken; tokens and open invites go, since
/// they may have been used after the backup was made. Audited. Throws `failure`.
nlohmann::ordered_json restore_backup(const command_line& line, const restore_command& what,
                                      const clock& time, crypto::random_source& random);

/// Between the last generation known (or the present second) and the first after a restore.
inline constexpr std::uint32_t generation_step = 1U << 20U;

}  // namespace wardline::doctor
