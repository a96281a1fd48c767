// Section 5: what is a frame and what is none.
#include <algorithm>

#include "protocol/wire/frame.hpp"
#include "tests/protocol/properties/any_message.hpp"

namespace wardline::test {
namespace {

using namespace protocol;

const std::vector<frame_type> all_types{
    frame_type::hello,           frame_type::identity,  frame_type::auth_request,
    frame_type::auth_response,   frame_type::verifier,  frame_type::resume_request,
    frame_type::resume_response, frame_type::waiting,   frame_type::check,
    frame_type::session_token,   frame_type::group_key, frame_type::direct,
    frame_type::broadcast,       frame_type::receipt,   frame_type::disconnect};

bool is_protected_type(frame_type type) {
  return type == frame_type::check || type == frame_type::session_token ||
         type == frame_type::group_key || type == frame_type::direct || type == frame_type::receipt;
}

bytes written(frame_type type, bool is_protected, byte_view body) {
  const auto header = make_header(type, is_protected, body.size());
  bytes out(header.size() + body.size());
  std::copy(body.begin(), body.end(), std::copy(header.begin(), header.end(), out.begin()));
  return out;
}

}  // namespace

TEST_CASE("every frame reads back as its type and body, within its limit alone") {
  property([] {
    const auto type = *rc::gen::elementOf(all_types);
    const auto body = any_bytes(session_frame_limit - min_frame_length);
    const bool is_protected =
        is_protected_type(type) || (type == frame_type::disconnect && any<bool>());
    const auto whole = written(type, is_protected, body);

    const auto read = decode_frame(whole, session_frame_limit);
    RC_ASSERT(read.has_value());
    RC_ASSERT(read->type == type);
    RC_ASSERT(read->is_protected == is_protected);
    RC_ASSERT(to_bytes(read->body()) == body);
    if (!is_protected) RC_ASSERT(encode_frame(type, body) == whole);

    const auto limit =
        static_cast<std::uint32_t>(*rc::gen::inRange<std::size_t>(4, whole.size() + 9));
    RC_ASSERT(decode_frame(whole, limit).has_value() == (whole.size() - 4 <= limit));
    RC_ASSERT(frame_size(whole, limit).has_value() == (whole.size() - 4 <= limit));
  });
}

TEST_CASE("bytes are a frame only if they are written as one") {
  property(
      [] {
        const auto type = *rc::gen::elementOf(all_types);
        const auto other =
            damaged(written(type, any<bool>(), *bytes_of(*rc::gen::inRange<std::size_t>(0, 20))));
        const auto read = decode_frame(other, handshake_frame_limit);
        if (!read) return;
        RC_ASSERT(written(read->type, read->is_protected, read->body()) == other);
        RC_ASSERT(std::count(all_types.begin(), all_types.end(), read->type) == 1);
        RC_ASSERT(read->is_protected == is_protected_type(read->type) ||
                  read->type == frame_type::disconnect);
      },
      3000);
}

TEST_CASE("a frame's size is known from its first four bytes, whatever follows") {
  property([] {
    const auto data = *bytes_up_to(12);
    const auto limit = *rc::gen::inRange<std::uint32_t>(4, session_frame_limit + 1);
    const auto size = frame_size(data, limit);
    if (data.size() < 4) {
      RC_ASSERT(size.has_value());
      RC_ASSERT(!size->has_value());
      return;
    }
    const auto length = from_big_endian<4>(data);
    RC_ASSERT(size.has_value() == (length >= 4 && length <= limit));
    if (size) RC_ASSERT(**size == length + 4);
  });
}

}  // namespace wardline::test
