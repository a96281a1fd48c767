#pragma once

#include <set>
#include <string>
#include <vector>

#include "common/crypto/suite.hpp"
#include "protocol/wire/frame.hpp"

/// What a flipped bit at each place of a handshake's frames must end with.
namespace wardline::test {

using causes = std::set<errc>;

std::string text_of(const causes& any);

/// A piece of a frame, and what a flipped bit in it must end with.
struct piece {
  std::size_t size;
  causes ends_with;
};

/// The pieces of a frame of this type, from its first byte to its last.
std::vector<piece> layout_of(protocol::frame_type type, const crypto::suite& group);

/// Those of the piece in which byte `at` is.
const causes& ends_with(const std::vector<piece>& layout, std::size_t at);

}  // namespace wardline::test
