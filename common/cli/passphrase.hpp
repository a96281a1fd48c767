#pragma once

#include <string_view>

#include "common/util/secret.hpp"

/// Where a passphrase comes from that is typed or handed over; never from a command line, which
/// everybody on the machine can read.
namespace wardline::cli {

inline constexpr std::size_t max_passphrase = 1024;

/// The next line of `descriptor`, without the line feed; the end of what it holds ends a line, too.
/// Not a byte more is read. Throws `failure` if the line is empty or has over 1,024 bytes, or if
/// the descriptor cannot be read.
secret_bytes read_passphrase(int descriptor);

/// The first line of a private file (ours, 0600), under the same conditions.
secret_bytes first_line(byte_view content);

/// Asks at the terminal `descriptor` and shows nothing of what is typed. Throws `failure` if it was
/// cancelled (Ctrl-C, Ctrl-D, a hang-up), is empty or too long.
secret_bytes ask_passphrase(int descriptor, std::string_view prompt);

}  // namespace wardline::cli
