#include "tests/support/session_line.hpp"

#include <string>
#include <utility>

#include "tests/support/catch.hpp"

namespace wardline::test {

using protocol::frame_type;

frame_type type_of(byte_view whole) {
  const auto f = protocol::decode_frame(whole, protocol::session_frame_limit);
  if (!f) FAIL("not a frame: " << f.error().message());
  return f->type;
}

meddler only(frame_type type, meddler then) {
  return [=](bytes& whole) {
    if (type_of(whole) == type) then(whole);
  };
}

bytes session_line::seal(frame_type type, byte_view plaintext) {
  REQUIRE(channel.has_value());
  return channel->seal(type, plaintext);
}

std::optional<session_line::arrived> session_line::next() {
  auto whole = peer.next_frame();
  if (!whole) return std::nullopt;
  const auto f = protocol::decode_frame(*whole, protocol::session_frame_limit);
  if (!f) FAIL("not a frame: " << f.error().message());
  arrived out{f->type, f->is_protected, to_bytes(f->body()), {}};
  if (f->is_protected) {
    REQUIRE(channel.has_value());
    const auto opened = channel->open(*f);
    if (!opened) FAIL(name(f->type) << " does not open: " << opened.error().message());
    out.content = to_bytes(opened->view());
  }
  out.whole = std::move(*whole);
  return out;
}

session_line::arrived session_line::await(frame_type type) {
  std::string others;
  while (auto frame = next()) {
    if (frame->type == type) return std::move(*frame);
    others += std::string(name(frame->type)) + " ";
  }
  FAIL("the other end closed; no " << name(type) << " came, but " << others);
  return {};
}

}  // namespace wardline::test
