#include "doctor/invite_qr.hpp"

#include <unistd.h>

#include <fmt/format.h>

#include "common/cli/qr_code.hpp"
#include "common/cli/table.hpp"

namespace wardline::doctor {

std::string invite_qr(const std::string& invite, int descriptor) {
  const cli::qr_code code(invite);
  const auto look = cli::qr_look_for(descriptor);
  const auto needed = cli::qr_width(code, look);
  // A line that the terminal breaks in two would spoil it.
  const auto columns = cli::terminal_width(descriptor);
  if (::isatty(descriptor) == 1 && needed > columns)
    return fmt::format(
        "(The terminal has {} columns, and the QR code needs {}: make it wider{}.)\n", columns,
        needed, look.half_blocks ? "" : ", or set a UTF-8 locale, in which it is half as wide");
  return cli::qr_text(code, look);
}

}  // namespace wardline::doctor
