#include "protocol/message/amendment.hpp"

namespace wardline::protocol {

bytes amendment_body(const message_id& about, std::string_view text) {
  bytes out;
  out.reserve(message_id::size + text.size());
  append(out, about.view());
  append(out, as_bytes(text));
  return out;
}

}  // namespace wardline::protocol
