#pragma once

#include <string>

namespace wardline::doctor {

/// The invite as a QR code, in lines, as it suits `descriptor`; where that is a terminal too narrow
/// for it, a line that says so.
std::string invite_qr(const std::string& invite, int descriptor);

}  // namespace wardline::doctor
