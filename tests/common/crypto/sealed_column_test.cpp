#include "common/crypto/sealed_column.hpp"

#include "tests/support/catch.hpp"

namespace wardline::crypto {
namespace {

class counting_random final : public random_source {
 public:
  void fill(byte_span out) override {
    for (auto& b : out) b = ++next_;
  }

 private:
  byte next_ = 0;
};

secret<32> key_of(byte b) {
  byte_array<32> raw;
  raw.fill(b);
  return secret<32>(raw);
}

struct fixture {
  counting_random random;
  sealed_column column{key_of(1), "patient", "token", random};
  const bytes row{1, 2, 3};
  const bytes sealed = column.seal(row, as_bytes("value"));
};

}  // namespace

TEST_CASE("a sealed value opens in its own row") {
  fixture f;
  CHECK(f.sealed.size() == 5 + sealed_column::overhead);
  CHECK(as_text(f.column.open(f.row, f.sealed).value().view()) == "value");
  CHECK(f.column.open(f.row, f.column.seal(f.row, {})).value().empty());
}

TEST_CASE("one value sealed twice looks different") {
  fixture f;
  CHECK(f.column.seal(f.row, as_bytes("value")) != f.sealed);
}

TEST_CASE("a sealed value moved elsewhere does not open") {
  fixture f;
  const auto refuses = [&](sealed_column column, const bytes& row) {
    return column.open(row, f.sealed).error() == errc::invalid_tag;
  };
  CHECK(refuses(sealed_column(key_of(1), "patient", "token", f.random), {1, 2, 4}));
  CHECK(refuses(sealed_column(key_of(1), "patient", "token", f.random), {}));
  CHECK(refuses(sealed_column(key_of(1), "patient", "invite", f.random), f.row));
  CHECK(refuses(sealed_column(key_of(1), "doctor", "token", f.random), f.row));
  CHECK(refuses(sealed_column(key_of(1), "patientt", "oken", f.random), f.row));
  CHECK(refuses(sealed_column(key_of(2), "patient", "token", f.random), f.row));
}

TEST_CASE("a sealed value with any byte changed does not open") {
  fixture f;
  for (std::size_t i = 0; i < f.sealed.size(); ++i) {
    bytes changed = f.sealed;
    changed[i] ^= 1;
    CHECK(f.column.open(f.row, changed).error() == errc::invalid_tag);
  }
  for (std::size_t size = 0; size < f.sealed.size(); ++size) {
    CHECK(f.column.open(f.row, byte_view(f.sealed).first(size)).error() == errc::invalid_tag);
  }
}

}  // namespace wardline::crypto
