// Both ends of a session's channel with the network in the input's hands: a frame opens if and only
// if it is the next one of its direction, unchanged, and gives what was sealed.
#include <array>
#include <vector>

#include "protocol/session/secure_channel.hpp"
#include "tests/fuzz/support/mutated_frame.hpp"

using namespace wardline;
using fuzz::must;

namespace {

struct sealed_frame {
  bytes whole;
  bytes plaintext;
};

/// One direction, with what the one end has sealed and how many frames the other has tried.
struct way {
  std::vector<sealed_frame> sent;
  std::size_t tried = 0;
};

constexpr protocol::frame_type types[] = {
    protocol::frame_type::session_token, protocol::frame_type::group_key,
    protocol::frame_type::direct,        protocol::frame_type::receipt,
    protocol::frame_type::check,         protocol::frame_type::disconnect};

void give(const bytes& whole, protocol::secure_channel& to, way& along, bool is_reflected) {
  const auto f = protocol::decode_frame(whole, protocol::session_frame_limit);
  if (!f) return;
  const auto opened = to.open(*f);
  if (!f->is_protected) return must(!opened, "an unprotected frame does not open");
  const auto place = along.tried++;
  const bool is_next =
      !is_reflected && place < along.sent.size() && along.sent[place].whole == whole;
  must(opened.has_value() == is_next, "what opens is the next frame, unchanged, and nothing else");
  must(!opened || to_bytes(opened->view()) == along.sent[place].plaintext,
       "what opens is what was sealed");
}

}  // namespace

WARDLINE_FUZZ_TARGET(in) {
  protocol::session_key sk;
  sk.writable()[0] = in.number();
  std::array<protocol::secure_channel, 2> ends{
      protocol::secure_channel(sk, protocol::side::doctor),
      protocol::secure_channel(sk, protocol::side::patient)};
  std::array<way, 2> from;  // by the end that seals
  for (int steps = 0; steps < 64 && !in.ended(); ++steps) {
    const byte op = in.number();
    const std::size_t sender = op & 1U;
    auto& way = from[sender];
    auto& receiver = ends[1 - sender];
    switch ((op >> 1U) % 6) {
      case 0: {
        const auto type = types[in.below(std::size(types))];
        const auto plaintext = in.take(in.number());
        way.sent.push_back({ends[sender].seal(type, plaintext), to_bytes(plaintext)});
        break;
      }
      case 1:
        if (way.tried < way.sent.size()) give(way.sent[way.tried].whole, receiver, way, false);
        break;
      case 2:  // any of them: early, or again
        if (!way.sent.empty())
          give(way.sent[in.below(way.sent.size())].whole, receiver, way, false);
        break;
      case 3:
        if (way.tried < way.sent.size())
          give(fuzz::mutated_frame(way.sent[way.tried].whole, in), receiver, way, false);
        break;
      case 4:  // back to where it came from
        if (!way.sent.empty())
          give(way.sent[in.below(way.sent.size())].whole, ends[sender], from[1 - sender], true);
        break;
      default: {
        const auto forged = in.take(in.number());
        bytes whole =
            to_bytes(protocol::make_header(types[in.below(std::size(types))], true, forged.size()));
        append(whole, forged);
        give(whole, receiver, way, false);
        break;
      }
    }
  }
}
