#include "patient/compose.hpp"

#include "common/util/text_encoding.hpp"
#include "protocol/constants.hpp"

namespace wardline::patient {

std::variant<protocol::content, problem> compose_text(std::string_view text, unix_ms now,
                                                      crypto::random_source& random) {
  if (text.empty()) return problem{errc::invalid_encoding, "the message is empty", {}};
  if (text.size() > protocol::max_broadcast_body) {
    return problem{errc::too_large,
                   "the message has " + std::to_string(text.size()) + " bytes, and " +
                       std::to_string(protocol::max_broadcast_body) + " is the most",
                   "Send it in parts."};
  }
  if (!is_utf8(as_bytes(text))) {
    return problem{errc::invalid_encoding, "the message is not valid UTF-8",
                   "Set the terminal, or the program that writes the message, to UTF-8."};
  }
  return protocol::content{random.make<protocol::message_id>(),
                           now,
                           0,  // never expires
                           protocol::content_type::text,
                           protocol::priority::routine,
                           to_bytes(as_bytes(text))};
}

}  // namespace wardline::patient
