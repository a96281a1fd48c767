// Any text as an invite: what is accepted has that one text and no other.
#include <cstdlib>

#include "protocol/message/invite.hpp"

using namespace wardline;

extern "C" int LLVMFuzzerTestOneInput(const byte* data, std::size_t size) {
  const auto text = as_text({data, size});
  const auto invite = protocol::invite_from_text(text);
  if (invite && protocol::to_text(*invite) != text) std::abort();
  return 0;
}
