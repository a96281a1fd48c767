#pragma once

#include <string>

#include "doctor/audit/names.hpp"
#include "doctor/audit/record.hpp"

namespace wardline::doctor {

/// What the audit log says of a backup: `result` is "begun", "done" (with the archive's hash) or
/// "failed".
audit::entry backup_entry(const std::string& file, const std::string& result,
                          const std::string& hash);

}  // namespace wardline::doctor
