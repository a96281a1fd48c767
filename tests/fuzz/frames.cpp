// Any bytes as a stream of frames: the splitter and the decoder agree, and nothing is read beyond.
#include <cstdlib>

#include "protocol/wire/frame.hpp"

using namespace wardline;

extern "C" int LLVMFuzzerTestOneInput(const byte* data, std::size_t size) {
  for (byte_view rest(data, size); !rest.empty();) {
    const auto next = protocol::frame_size(rest, protocol::session_frame_limit);
    if (!next || !*next || **next > rest.size()) break;
    const auto whole = rest.first(**next);
    const auto frame = protocol::decode_frame(whole, protocol::session_frame_limit);
    if (frame && frame->header().size() + frame->body().size() != whole.size()) std::abort();
    rest = rest.subspan(**next);
  }
  return 0;
}
