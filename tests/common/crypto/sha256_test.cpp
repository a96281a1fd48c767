#include "common/crypto/sha256.hpp"

#include "common/util/text_encoding.hpp"
#include "tests/support/catch.hpp"

using namespace wardline;

namespace {

// FIPS 180-4's own example (NIST, "SHA256.pdf", two blocks) and its digest.
constexpr std::string_view two_blocks = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
constexpr std::string_view its_digest =
    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1";

}  // namespace

TEST_CASE("a SHA-256 over pieces is that of the whole, wherever it is cut") {
  const auto whole = as_bytes(two_blocks);
  CHECK(to_hex(crypto::sha256({whole}).view()) == its_digest);
  crypto::sha256_stream stream;
  for (std::size_t cut = 0; cut <= whole.size(); ++cut) {
    CHECK(to_hex(crypto::sha256({whole.first(cut), whole.subspan(cut)}).view()) == its_digest);
    stream.add(whole.first(cut));
    stream.add(whole.subspan(cut));
    CHECK(to_hex(stream.finish().view()) == its_digest);
  }
}

TEST_CASE("a SHA-256 stream that has moved goes on where it was, and begins anew at its end") {
  crypto::sha256_stream first;
  first.add(as_bytes(two_blocks).first(10));
  crypto::sha256_stream second;
  second = std::move(first);
  crypto::sha256_stream third(std::move(second));
  third.add(as_bytes(two_blocks).subspan(10));
  CHECK(to_hex(third.finish().view()) == its_digest);
  CHECK(third.finish() == crypto::sha256({}));
}
