#pragma once

#include "doctor/audit/record.hpp"
#include "doctor/control/request.hpp"

/// The record that each of these leaves, with a gateway or without one.
namespace wardline::doctor::control {

audit::entry entry_of(const audit_read_request& r);
audit::entry entry_of(const audit_export_request& r);
audit::entry entry_of(const audit_verified_request& r);

}  // namespace wardline::doctor::control
