#pragma once

#include <nlohmann/json_fwd.hpp>

#include "common/crypto/random.hpp"
#include "common/util/clock.hpp"
#include "doctor/command_line.hpp"

/// The commands that need no running gateway.
namespace wardline::doctor {

bool works_offline(const control::request& r) noexcept;

/// Does it on the data directory, whose lock the caller holds; the identity is made if there is
/// none yet. Throws `failure`.
nlohmann::ordered_json answer_offline(const command_line& line, const clock& time,
                                      crypto::random_source& random);

}  // namespace wardline::doctor
