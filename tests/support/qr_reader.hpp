#pragma once

#include <string>
#include <string_view>
#include <vector>

/// A reader of QR codes that shares nothing with the library that makes them: from the lines that a
/// terminal was sent, to the bytes. It corrects no errors, so that it finds them.
namespace wardline::test {

/// Rows of modules, true where they are dark.
using qr_modules = std::vector<std::vector<bool>>;

/// What a camera sees of these lines: of half blocks, or of two characters for a module. Colours
/// count (SGR 30, 37, 40, 47); without, signs are ink on white paper. Fails the test for anything
/// else.
qr_modules seen_on_terminal(std::string_view text);

/// The bytes of a code in byte mode, level L, version 1 to 15, that has four light modules on each
/// side. Fails the test if there are none, or if what must always be in a code is not.
std::string read_qr(const qr_modules& whole);

}  // namespace wardline::test
