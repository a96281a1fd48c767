#pragma once

#include <string_view>
#include <variant>

#include "common/crypto/random.hpp"
#include "patient/events.hpp"

namespace wardline::patient {

/// A message of the person's, or what is wrong with the text: it is empty, not UTF-8, or longer
/// than 58,000 bytes (the limit of a broadcast, so that there is one limit to know).
std::variant<protocol::content, problem> compose_text(std::string_view text, unix_ms now,
                                                      crypto::random_source& random);

}  // namespace wardline::patient
