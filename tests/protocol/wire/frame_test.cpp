#include "protocol/wire/frame.hpp"

#include <map>
#include <set>

#include "tests/support/catch.hpp"

using namespace wardline;
using namespace wardline::protocol;

namespace {

constexpr std::array all_types{
    frame_type::hello,           frame_type::identity,  frame_type::auth_request,
    frame_type::auth_response,   frame_type::verifier,  frame_type::resume_request,
    frame_type::resume_response, frame_type::waiting,   frame_type::check,
    frame_type::session_token,   frame_type::group_key, frame_type::direct,
    frame_type::broadcast,       frame_type::receipt,   frame_type::disconnect,
};

const std::set<frame_type> always_protected{frame_type::check, frame_type::session_token,
                                            frame_type::group_key, frame_type::direct,
                                            frame_type::receipt};

bytes whole_frame(std::uint16_t number, byte flags, std::size_t body_size) {
  bytes out = to_bytes(make_header(static_cast<frame_type>(number), false, body_size));
  out[7] = flags;
  out.resize(header_size + body_size, 0x5a);
  return out;
}

// What a connection does with the bytes as they come in.
std::vector<bytes> cut(const std::vector<byte_view>& pieces, std::uint32_t limit) {
  std::vector<bytes> out;
  bytes buffer;
  for (const auto piece : pieces) {
    append(buffer, piece);
    for (;;) {
      const auto size = frame_size(buffer, limit);
      REQUIRE(size.has_value());
      if (!*size || **size > buffer.size()) break;
      const auto end = buffer.begin() + static_cast<std::ptrdiff_t>(**size);
      out.emplace_back(buffer.begin(), end);
      buffer.erase(buffer.begin(), end);
    }
  }
  REQUIRE(buffer.empty());
  return out;
}

}  // namespace

TEST_CASE("of all opcodes, kinds and flags exactly those of the table are frames") {
  for (unsigned number = 0; number <= 0xffff; ++number) {
    const auto type = static_cast<frame_type>(number);
    const bool exists = std::find(all_types.begin(), all_types.end(), type) != all_types.end();
    for (const unsigned flags : {0U, 1U, 2U, 3U, 128U, 255U}) {
      const bool fits = flags == 1   ? always_protected.count(type) != 0
                        : flags == 0 ? always_protected.count(type) == 0
                                     : false;
      const bool is_hint_or_not = type == frame_type::disconnect && flags <= 1;
      const auto whole =
          whole_frame(static_cast<std::uint16_t>(number), static_cast<byte>(flags), 0);
      const auto f = decode_frame(whole, handshake_frame_limit);
      const bool wanted = exists && (fits || is_hint_or_not);
      if (f.has_value() != wanted || (!f && f.error() != errc::protocol_error)) {
        FAIL("opcode " << number / 256 << " kind " << number % 256 << " flags " << flags);
      }
      if (f && (f->type != type || f->is_protected != (flags == 1))) FAIL("read wrongly");
    }
  }
}

TEST_CASE("every frame has a name of its own") {
  std::set<std::string_view> names;
  for (const auto type : all_types) names.insert(name(type));
  CHECK(names.size() == all_types.size());
  CHECK(names.count("unknown") == 0);
  CHECK(name(frame_type::auth_request) == "auth_request");
  CHECK(name(static_cast<frame_type>(0)) == "unknown");
}

TEST_CASE("a frame is what was put into it") {
  const bytes body{1, 2, 3};
  const auto whole = encode_frame(frame_type::verifier, body);
  CHECK(whole == bytes{0, 0, 0, 7, 1, 10, 4, 0, 1, 2, 3});
  const auto f = decode_frame(whole, handshake_frame_limit);
  REQUIRE(f.has_value());
  CHECK(f->type == frame_type::verifier);
  CHECK_FALSE(f->is_protected);
  CHECK(to_bytes(f->body()) == body);
  CHECK(to_bytes(f->header()) == to_bytes(make_header(frame_type::verifier, false, 3)));
}

TEST_CASE("the length is judged by its four bytes, against the limit of the moment") {
  const auto size_of = [](std::uint32_t length, std::uint32_t limit) {
    return frame_size(big_endian<4>(length), limit);
  };
  for (const auto limit : {handshake_frame_limit, session_frame_limit}) {
    CHECK(size_of(3, limit).error() == errc::protocol_error);
    CHECK(size_of(4, limit).value() == 8U);
    CHECK(size_of(limit, limit).value() == limit + 4U);
    CHECK(size_of(limit + 1, limit).error() == errc::protocol_error);
    CHECK(size_of(0xffffffff, limit).error() == errc::protocol_error);
  }
  CHECK(handshake_frame_limit == 8192);
  CHECK(session_frame_limit == 65600);
}

TEST_CASE("fewer than four bytes are not judged yet") {
  const bytes data{0xff, 0xff, 0xff};
  for (std::size_t n = 0; n <= data.size(); ++n) {
    const auto size = frame_size(byte_view(data).first(n), handshake_frame_limit);
    REQUIRE(size.has_value());
    CHECK_FALSE(size->has_value());
  }
}

TEST_CASE("more or fewer bytes than the length says are no frame") {
  const auto whole = encode_frame(frame_type::verifier, bytes(40));
  bytes longer = whole;
  longer.push_back(0);
  CHECK(decode_frame(longer, handshake_frame_limit).error() == errc::protocol_error);
  for (std::size_t n = 0; n < whole.size(); ++n) {
    CHECK(decode_frame(byte_view(whole).first(n), handshake_frame_limit).error() ==
          errc::protocol_error);
  }
}

TEST_CASE("any split of the bytes gives the same frames") {
  const std::vector<bytes> frames{
      encode_frame(frame_type::hello, {}), encode_frame(frame_type::verifier, bytes(5, 1)),
      encode_frame(frame_type::hello, {}), encode_frame(frame_type::waiting, bytes(11, 2))};
  bytes stream;
  for (const auto& f : frames) append(stream, f);
  const byte_view all(stream);

  CHECK(cut({all}, handshake_frame_limit) == frames);
  std::vector<byte_view> single;
  for (std::size_t i = 0; i < all.size(); ++i) single.push_back(all.subspan(i, 1));
  CHECK(cut(single, handshake_frame_limit) == frames);
  for (std::size_t a = 0; a <= all.size(); ++a) {
    for (std::size_t b = a; b <= all.size(); ++b) {
      if (cut({all.first(a), all.subspan(a, b - a), all.subspan(b)}, handshake_frame_limit) !=
          frames) {
        FAIL("cut at " << a << " and " << b);
      }
    }
  }
}
