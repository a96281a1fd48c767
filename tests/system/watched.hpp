#pragma once

#include "protocol/wire/frame.hpp"
#include "tests/support/all_knowing.hpp"
#include "tests/support/recorded_random.hpp"
#include "tests/system/programs.hpp"

/// The programs whose every secret a test knows.
namespace wardline::test {

/// The seed that lies in a data directory.
crypto::identity_seed seed_in(const std::string& data_directory);

/// Looks for the secrets in the memory of a program until none is there any more, and asks it to do
/// something in between; what is still there at last.
std::vector<std::string> what_stays(pid_t program, const std::vector<known_secret>& secrets,
                                    const std::function<void()>& ask);

/// Whether one of the lines of find() is about this secret.
bool is_among(const std::vector<std::string>& found, const std::string& name);
bool is_among(const std::vector<known_secret>& secrets, const std::string& name);

std::string joined(const std::vector<std::string>& lines);

/// The last frame of this type; empty if there is none.
byte_view last_of(protocol::frame_type type, const std::vector<bytes>& frames);

}  // namespace wardline::test
