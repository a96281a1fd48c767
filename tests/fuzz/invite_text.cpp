// Any text as an invite: what is accepted has that one text and no other. And any bytes inside the
// base64url, so that the fields are reached, too.
#include "common/util/text_encoding.hpp"
#include "protocol/message/invite.hpp"
#include "tests/fuzz/support/input.hpp"

using namespace wardline;
using fuzz::must;

namespace {

void read(std::string_view text) {
  const auto invite = protocol::invite_from_text(text);
  if (!invite) return;
  must(protocol::to_text(*invite) == text, "an invite has one text");
  must(protocol::is_invite_host(invite->host) && crypto::is_valid_id(invite->patient_id) &&
           invite->port != 0,
       "an invite names a host, a port and a patient");
}

}  // namespace

WARDLINE_FUZZ_TARGET(in) {
  const bool is_text = in.number() % 2 == 0;
  const auto data = in.rest();
  if (is_text) return read(as_text(data));
  const auto decoded = protocol::decode<protocol::invite>(data);
  const auto text = std::string(protocol::invite_prefix) + to_base64url(data);
  read(text);
  must(decoded.has_value() == protocol::invite_from_text(text).has_value(),
       "a text is accepted if and only if what it holds is an invite");
  const auto back = from_base64url(to_base64url(data));
  must(back && *back == to_bytes(data), "base64url gives back what it was made of");
  must(from_hex(to_hex(data)).value() == to_bytes(data), "hexadecimal, too");
  (void)printable(as_text(data));
}
