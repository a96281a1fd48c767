#include "doctor/keys/passwd.hpp"

#include <array>
#include <fstream>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "common/store/directory.hpp"
#include "common/store/file.hpp"
#include "common/util/text_encoding.hpp"
#include "doctor/identity_file.hpp"
#include "doctor/offline.hpp"
#include "doctor/records/records.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/thrown.hpp"

namespace wardline::doctor {
namespace {

using test::contains;
using test::thrown_by;
namespace fs = std::filesystem;

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
  place() {
    line.settings.id = "dr";
    line.settings.data_directory = at.path();
    line.settings.group = crypto::group_id::ristretto255;
    line.passphrase.may_ask = false;
  }

  /// `doctor passwd` with these: what it says.
  std::string passwd(const std::string& present, const std::string& fresh, bool remove = false) {
    const handed_over words((present.empty() ? "" : present + "\n") + fresh + "\n");
    line.passphrase.descriptor.reset();
    line.passphrase.fresh_descriptor.reset();
    if (!present.empty()) line.passphrase.descriptor = words.get();
    if (!fresh.empty()) line.passphrase.fresh_descriptor = words.get();
    return change_passphrase(line, {remove}, time, random, cheap)
        .at("passphrase")
        .get<std::string>();
  }
  crypto::fingerprint open(const at_rest::unlocked_keys* keys = nullptr) {
    const auto self = open_identity(at.path(), "dr", line.settings.group,
                                    crypto::group_id::ristretto255, random, keys);
    const records kept(at.path(), random, keys);
    return self.own_fingerprint();
  }
  crypto::fingerprint open_with(std::string_view passphrase) {
    const auto keys = at_rest::unlock(at.path(), as_bytes(passphrase));
    return open(&keys);
  }
  bool has(std::string_view name) const { return fs::exists(at.path() / name); }
  std::string content(std::string_view name) const {
    std::ifstream in(at.path() / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  test::temporary_directory at;
  crypto::system_random random;
  system_clock time;
  command_line line;
};

}  // namespace

TEST_CASE("a passphrase is set, changed and removed, and the identity stays the same") {
  place p;
  const auto who = p.open();
  const auto seed = p.content(at_rest::seed_name);
  CHECK(p.passwd("", "one") == "set");
  CHECK_FALSE(p.has(at_rest::seed_name));
  CHECK_FALSE(p.has(at_rest::store_key_name));
  CHECK_FALSE(contains(p.content(at_rest::sealed_name), seed));
  CHECK(p.open_with("one") == who);

  CHECK(p.passwd("one", "two") == "changed");
  CHECK_THROWS_AS(p.open_with("one"), failure);
  CHECK(p.open_with("two") == who);

  CHECK(p.passwd("two", "", true) == "removed");
  CHECK_FALSE(p.has(at_rest::sealed_name));
  CHECK(p.content(at_rest::seed_name) == seed);
  CHECK(p.open() == who);
}

TEST_CASE("a wrong passphrase changes nothing and is told in words") {
  place p;
  p.passwd("", "one");
  const auto before = p.content(at_rest::sealed_name);
  for (const bool remove : {false, true}) {
    const auto why = thrown_by<failure>([&] { p.passwd("On", remove ? "" : "two", remove); });
    CHECK(contains(why.what(), "passphrase is wrong"));
    CHECK_FALSE(why.hint().empty());
  }
  CHECK(p.content(at_rest::sealed_name) == before);
}

TEST_CASE("sealed keys are not used without the passphrase, nor made anew") {
  place p;
  p.open();
  p.passwd("", "one");
  const auto why = thrown_by<failure>([&] { p.open(); });
  CHECK(contains(why.what(), "sealed by a passphrase"));
  CHECK(contains(why.hint(), "WARDLINE_PASSPHRASE_FILE"));
  CHECK_FALSE(p.has(at_rest::seed_name));
  CHECK_FALSE(p.has(at_rest::store_key_name));
}

TEST_CASE("the identity is shown without the passphrase, an invite is not made") {
  place p;
  const auto who = p.open();
  p.passwd("", "one");
  p.line.passphrase = {std::nullopt, std::nullopt, false};
  p.line.request = control::identity_request{};
  CHECK(answer_offline(p.line, p.time, p.random).at("fingerprint_hex") == to_hex(who.view()));
  p.line.request = control::invite_request{"p1"};
  const auto why = thrown_by<failure>([&] { answer_offline(p.line, p.time, p.random); });
  CHECK(contains(why.hint(), "--passphrase-fd"));
  const handed_over words("one");
  p.line.passphrase.descriptor = words.get();
  CHECK(answer_offline(p.line, p.time, p.random).contains("invite"));
}

TEST_CASE("what a crash leaves in the clear beside the sealed keys goes when they are opened") {
  place p;
  const auto who = p.open();
  const auto seed = p.content(at_rest::seed_name);
  const auto key = p.content(at_rest::store_key_name);
  p.passwd("", "one");
  // After the sealed file was made, or before it was removed.
  for (const auto& [left_seed, left_key] : {std::pair(true, true), {true, false}, {false, true}}) {
    CAPTURE(left_seed, left_key);
    if (left_seed) store::replace_file(p.at.path() / at_rest::seed_name, as_bytes(seed));
    if (left_key) store::replace_file(p.at.path() / at_rest::store_key_name, as_bytes(key));
    CHECK(p.open_with("one") == who);
    CHECK_FALSE(p.has(at_rest::seed_name));
    CHECK_FALSE(p.has(at_rest::store_key_name));
  }
}

TEST_CASE("what a crash has overwritten, but not removed, goes as well") {
  place p;
  const auto who = p.open();
  p.passwd("", "one");
  store::replace_file(p.at.path() / at_rest::seed_name, bytes(32, 0));
  CHECK(p.open_with("one") == who);
  CHECK_FALSE(p.has(at_rest::seed_name));
}

TEST_CASE("the setting, change and removal of a passphrase are audited") {
  place p;
  p.passwd("", "one");
  p.passwd("one", "two");
  p.passwd("two", "", true);
  records kept(p.at.path(), p.random);
  std::vector<audit::record> found;
  kept.audit.find({0, "", "passphrase"}, [&](const audit::record& r) { found.push_back(r); });
  REQUIRE(found.size() == 3);
  CHECK(found[0].what.before + ">" + found[0].what.after == "none>set");
  CHECK(found[1].what.before + ">" + found[1].what.after == "set>changed");
  CHECK(found[2].what.before + ">" + found[2].what.after == "set>none");
  CHECK(contains(p.content("audit.jsonl"), "passphrase"));
}

TEST_CASE("something else in the place of the sealed keys changes nothing") {
  place p;
  const auto who = p.open();
  fs::create_directory(p.at.path() / at_rest::sealed_name);
  CHECK_THROWS_AS(p.passwd("", "one"), failure);
  fs::remove(p.at.path() / at_rest::sealed_name);
  CHECK(p.open() == who);
}

TEST_CASE("another key in the clear beside the sealed ones is not removed") {
  place p;
  p.open();
  p.passwd("", "one");
  store::replace_file(p.at.path() / at_rest::seed_name, bytes(32, 7));
  const auto why = thrown_by<failure>([&] { p.open_with("one"); });
  CHECK(contains(why.what(), "holds another key"));
  CHECK(p.has(at_rest::seed_name));
}

TEST_CASE("a passphrase is neither set nor removed while a gateway runs") {
  place p;
  p.open();
  const store::directory_lock lock(p.at.path(), "doctor");
  CHECK(contains(thrown_by<failure>([&] { p.passwd("", "one"); }).what(), "running"));
  CHECK_FALSE(p.has(at_rest::sealed_name));
}

TEST_CASE("sealed keys that are damaged or of a newer version are told apart from a typing error") {
  place p;
  p.passwd("", "one");
  auto content = p.content(at_rest::sealed_name);
  content[8] = 2;
  store::replace_file(p.at.path() / at_rest::sealed_name, as_bytes(content));
  CHECK(contains(thrown_by<failure>([&] { p.open_with("one"); }).what(), "newer version"));
  store::replace_file(p.at.path() / at_rest::sealed_name, as_bytes("nonsense"));
  CHECK(contains(thrown_by<failure>([&] { p.open_with("one"); }).what(), "damaged"));
}

TEST_CASE("a passphrase file that others can read is refused") {
  place p;
  p.passwd("", "one");
  const auto file = p.at.path() / "words";
  store::replace_file(file, as_bytes("one\n"));
  p.line.passphrase = {std::nullopt, std::nullopt, false};
  REQUIRE(::setenv("WARDLINE_PASSPHRASE_FILE", file.c_str(), 1) == 0);
  CHECK(at_rest::unlock_if_sealed(p.at.path(), p.line.passphrase) != nullptr);
  fs::permissions(file, fs::perms(0644));
  CHECK_THROWS_AS(at_rest::unlock_if_sealed(p.at.path(), p.line.passphrase), failure);
  fs::remove(file);
  CHECK(contains(
      thrown_by<failure>([&] { at_rest::unlock_if_sealed(p.at.path(), p.line.passphrase); }).what(),
      "missing"));
  ::unsetenv("WARDLINE_PASSPHRASE_FILE");
}

}  // namespace wardline::doctor
