#pragma once

#include <string>
#include <string_view>

#include "common/util/error.hpp"
#include "doctor/audit/log.hpp"

namespace wardline::doctor::audit {

/// A record of what the operator asked for and did not get: `refused`, or `failed` if the disk was
/// the reason. Never throws: nothing was done, and the operator is told the reason anyway. For the
/// handler around a whole act, when its transaction is over:
///
///     void gateway::block(const std::string& patient) try {
///       ...
///     } catch (const failure& why) {
///       audit::record_refused(log, now, audit::event::blocked, patient, why);
///       throw;
///     }
void record_refused(log& to, unix_ms now, std::string_view act, const std::string& whom,
                    const failure& why) noexcept;

}  // namespace wardline::doctor::audit
