#include "protocol/wire/codec.hpp"

#include "tests/support/catch.hpp"

using namespace wardline;
using namespace wardline::protocol;

namespace {

enum class colour : byte { red = 1, blue = 2 };

// One field of each kind.
struct sample {
  byte a;
  std::uint16_t b;
  std::uint32_t c;
  std::uint64_t d;
  bool e;
  colour f;
  fixed_bytes<struct sample_tag, 3> g;
  secret<2> h;
  bytes i;
  bytes j;
  std::string k;

  template <class Self, class Codec>
  static void fields(Self& m, Codec& codec) {
    codec.u8(m.a);
    codec.u16(m.b);
    codec.u32(m.c);
    codec.u64(m.d);
    codec.flag(m.e);
    codec.choice(m.f, colour::red, colour::blue);
    codec.fixed(m.g);
    codec.fixed(m.h);
    codec.template opaque<255>(m.i);
    codec.template opaque<256>(m.j);
    codec.template opaque<8>(m.k);
  }
};

const bytes encoded{1,                     // u8
                    2,    3,               // u16
                    4,    5,    6,    7,   // u32
                    8,    9,    10,   11,  // u64
                    12,   13,   14,   15,  //
                    1,                     // flag
                    2,                     // choice
                    0xa1, 0xa2, 0xa3,      // fixed
                    0xb1, 0xb2,            // secret
                    2,    0xc1, 0xc2,      // opaque<255>: u8 prefix
                    0,    1,    0xd1,      // opaque<256>: u16 prefix
                    3,    'x',  'y',  'z'};

}  // namespace

TEST_CASE("integers are big-endian and a prefix is a u8 up to 255 and a u16 beyond") {
  const auto m = decode<sample>(encoded);
  REQUIRE(m.has_value());
  CHECK(m->a == 1);
  CHECK(m->b == 0x0203);
  CHECK(m->c == 0x04050607);
  CHECK(m->d == 0x08090a0b0c0d0e0f);
  CHECK(m->e);
  CHECK(m->f == colour::blue);
  CHECK(to_bytes(m->g.view()) == bytes{0xa1, 0xa2, 0xa3});
  CHECK(to_bytes(m->h.view()) == bytes{0xb1, 0xb2});
  CHECK(m->i == bytes{0xc1, 0xc2});
  CHECK(m->j == bytes{0xd1});
  CHECK(m->k == "xyz");
  CHECK(encode(*m) == encoded);
  CHECK(to_bytes(encode_secret(*m).view()) == encoded);
  CHECK(encoded_size(*m) == encoded.size());
}

TEST_CASE("every truncation and every trailing byte is refused") {
  for (std::size_t n = 0; n < encoded.size(); ++n) {
    CHECK(decode<sample>(byte_view(encoded).first(n)).error() == errc::invalid_encoding);
  }
  bytes longer = encoded;
  longer.push_back(0);
  CHECK(decode<sample>(longer).error() == errc::invalid_encoding);
}

TEST_CASE("a value outside its range is refused") {
  const auto [at, value] =
      GENERATE(std::pair{15, 2}, std::pair{15, 255}, std::pair{16, 0}, std::pair{16, 3});
  bytes data = encoded;
  data[static_cast<std::size_t>(at)] = static_cast<byte>(value);
  CAPTURE(at, value);
  CHECK(decode<sample>(data).error() == errc::invalid_encoding);
}

TEST_CASE("a length over its bound is refused even if the bytes are there") {
  bytes data{9};
  data.resize(10);
  reader r(data);
  std::string text;
  r.opaque<8>(text);
  CHECK(r.finish().error() == errc::invalid_encoding);
  CHECK(text.empty());
}

TEST_CASE("a reader that has failed yields zeros and stays failed") {
  const bytes data{2, 7, 7, 7, 7, 7, 7, 7, 7};
  reader r(data);
  bool flag = true;
  std::uint64_t number = 1;
  r.flag(flag);
  r.u64(number);
  CHECK_FALSE(flag);
  CHECK(number == 0);
  CHECK(r.failed());
  CHECK(r.remainder().empty());
  CHECK(r.finish().error() == errc::invalid_encoding);
}

TEST_CASE("a field of ours over its bound is a mistake of ours") {
  sample m{};
  m.f = colour::red;
  m.k = "123456789";
  CHECK_THROWS_AS(encode(m), std::length_error);
}
