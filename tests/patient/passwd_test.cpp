#include "patient/passwd.hpp"

#include <array>
#include <unistd.h>

#include "patient/own_keys.hpp"
#include "patient/records/records.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/thrown.hpp"

using namespace wardline;
using namespace wardline::test;

namespace {

// As cheap as Argon2id can be.
constexpr crypto::passphrase_box::cost cheap{1, 8192};

/// Descriptor of a pipe that holds `text`.
class handed_over {
 public:
  explicit handed_over(const std::string& text) {
    REQUIRE(::pipe(ends_.data()) == 0);
    REQUIRE(::write(ends_[1], text.data(), text.size()) == static_cast<ssize_t>(text.size()));
    ::close(ends_[1]);
  }
  ~handed_over() { ::close(ends_[0]); }
  int get() const { return ends_[0]; }

 private:
  std::array<int, 2> ends_{};
};

struct place {
  std::string passwd(const std::string& present, const std::string& fresh, bool remove = false) {
    const handed_over words((present.empty() ? "" : present + "\n") + fresh + "\n");
    patient::config c;
    c.id = "alice";
    c.remove = remove;
    c.passphrase.may_ask = false;
    if (!present.empty()) c.passphrase.descriptor = words.get();
    if (!fresh.empty()) c.passphrase.fresh_descriptor = words.get();
    return patient::change_passphrase(c, at.path(), random, cheap);
  }
  crypto::fingerprint who(const at_rest::unlocked_keys* sealed = nullptr) {
    const patient::records kept(at.path(), "alice", random, sealed);
    return patient::own_keys(at.path(), "alice", random, sealed)
        .in(crypto::group_id::ristretto255)
        ->own_fingerprint();
  }
  bool has(std::string_view name) const { return std::filesystem::exists(at.path() / name); }

  temporary_directory at;
  crypto::system_random random;
};

}  // namespace

TEST_CASE("a patient's keys are sealed by a passphrase, opened by it alone, and laid open again") {
  place p;
  const auto who = p.who();
  CHECK(p.passwd("", "one") == "set");
  CHECK_FALSE(p.has("identity.seed"));
  CHECK_FALSE(p.has("store.key"));
  CHECK_THROWS_AS(p.who(), failure);
  CHECK_FALSE(p.has("identity.seed"));

  CHECK(p.passwd("one", "two") == "changed");
  CHECK(contains(thrown_by<failure>([&] { p.passwd("one", "", true); }).what(), "wrong"));
  const auto keys = at_rest::unlock(p.at.path(), as_bytes("two"));
  CHECK(p.who(&keys) == who);
  CHECK(p.passwd("two", "", true) == "removed");
  CHECK_FALSE(p.has("keys.sealed"));
  CHECK(p.who() == who);
}
