#include "doctor/records/records.hpp"

#include <fstream>
#include <iterator>

#include "tests/doctor/records/home.hpp"

namespace wardline::doctor {
namespace {

using test::broadcast;
using test::content;
using test::home;
using test::message;
using test::patient;

constexpr unix_ms now = 1'700'000'000'000;
constexpr std::string_view token_text = "the text of a token";
const byte_view token = as_bytes(token_text);

bool some_file_contains(const std::filesystem::path& directory, std::string_view what) {
  bool found = false;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string all((std::istreambuf_iterator<char>(file)), {});
    found = found || test::contains(all, what);
  }
  return found;
}

void fill(home& at) {
  at->patients.enrol(patient("alice"), protocol::scope::all, now);
  at->tokens.keep("alice", token, test::secret_of<32>('R'), protocol::scope::all, now, now);
  at->invites.create("bob", test::secret_of<16>('I'), now, now);
  auto sent = broadcast(content(1, "the body of a broadcast"));
  sent.signature = to_bytes(as_bytes("the signature of a broadcast"));
  at->outbox.accept(sent, {"alice"});
  at->inbox.keep("alice", content(2, "the body of an answer"), now);
}

}  // namespace

TEST_CASE("the last generation number is kept and only ever grows") {
  home at;
  CHECK(at->last_generation() == 0);
  at->keep_generation(1'700'000'000);
  at.restart();
  CHECK(at->last_generation() == 1'700'000'000);
  for (const std::uint32_t used : {1'700'000'000U, 1U, 0U}) {
    const auto e = test::thrown_by<store::error>([&] { at->keep_generation(used); });
    CHECK(e.kind() == store::error_kind::constraint);
  }
  at->keep_generation(UINT32_MAX);
  CHECK(at->last_generation() == UINT32_MAX);
}

TEST_CASE("what is sealed is in no file of the directory, while open and after") {
  home at;
  fill(at);
  const auto check = [&] {
    CHECK(some_file_contains(at.path(), "alice"));  // the search finds what is there
    CHECK_FALSE(some_file_contains(at.path(), "the body of a broadcast"));
    CHECK_FALSE(some_file_contains(at.path(), "the signature of a broadcast"));
    CHECK_FALSE(some_file_contains(at.path(), "the body of an answer"));
    CHECK_FALSE(some_file_contains(at.path(), std::string(32, 'R')));
    CHECK_FALSE(some_file_contains(at.path(), std::string(16, 'I')));
    CHECK_FALSE(some_file_contains(at.path(), token_text));
  };
  check();
  at.stop();
  check();
  at.restart();
  CHECK(at->outbox.summary(message(1))->text == "the body of a broadcast");
}

TEST_CASE("files of the records are for their owner only") {
  home at;
  fill(at);
  for (const auto& entry : std::filesystem::directory_iterator(at.path())) {
    CAPTURE(entry.path());
    CHECK((entry.status().permissions() & std::filesystem::perms::all) ==
          (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
  }
}

TEST_CASE("another store.key is refused at the start, in words") {
  home at;
  home other;
  fill(at);
  at.stop();
  std::filesystem::copy_file(other.path() / "store.key", at.path() / "store.key",
                             std::filesystem::copy_options::overwrite_existing);
  const auto e = test::thrown_by<store::error>([&] { at.restart(); });
  CHECK(e.kind() == store::error_kind::corrupt);
  CHECK(test::contains(e.what(), "another store.key"));
  CHECK(test::contains(e.hint(), "store.key"));
}

TEST_CASE("a missing store.key is not replaced by a new one") {
  home at;
  fill(at);
  at.stop();
  std::filesystem::rename(at.path() / "store.key", at.path() / "elsewhere");
  const auto e = test::thrown_by<failure>([&] { at.restart(); });
  CHECK(test::contains(e.what(), "store.key"));
  CHECK(test::contains(e.hint(), "backup"));
  CHECK_FALSE(std::filesystem::exists(at.path() / "store.key"));
  std::filesystem::rename(at.path() / "elsewhere", at.path() / "store.key");
  at.restart();
  CHECK(at->outbox.find(message(1)));
}

TEST_CASE("records of a newer version are refused and left as they were") {
  home at;
  fill(at);
  at.tamper("PRAGMA user_version = 99");
  at.stop();
  const auto e = test::thrown_by<store::error>([&] { at.restart(); });
  CHECK(test::contains(e.what(), "newer version"));
}

TEST_CASE("an invite is spent and its patient enrolled together or not at all") {
  home at;
  at->invites.create("alice", test::secret_of<16>(1), now, now + 1000);
  const auto sign_in = [&](bool commit) {
    store::transaction whole(at->database());
    REQUIRE(at->invites.spend("alice", test::secret_of<16>(1)));
    at->patients.enrol(patient("alice"), protocol::scope::all, now);
    at->tokens.keep("alice", token, test::secret_of<32>(1), protocol::scope::all, now, now);
    CHECK(at->patients.find("alice"));  // its own changes are seen inside
    if (commit) whole.commit();
  };
  sign_in(false);
  CHECK(at->invites.find("alice"));
  CHECK_FALSE(at->patients.find("alice"));
  sign_in(true);
  at.restart();
  CHECK_FALSE(at->invites.find("alice"));
  CHECK(at->patients.find("alice"));
  CHECK(at->tokens.find(token));
}

TEST_CASE("a part that fails is undone alone, and the rest can be kept") {
  home at;
  at->outbox.accept(broadcast(content(1, "text")), {"alice"});
  store::transaction whole(at->database());
  at->patients.enrol(patient("alice"), protocol::scope::all, now);
  CHECK_THROWS_AS(at->outbox.accept(broadcast(content(1, "text")), {"bob"}), store::error);
  CHECK_FALSE(at->invites.spend("alice", test::secret_of<16>(1)));
  whole.commit();
  at.restart();
  CHECK(at->patients.find("alice"));
  CHECK(at->outbox.unconfirmed("bob") == 0);
}

TEST_CASE("a full disk fails the step that meets it and leaves nothing half-done") {
  home at;
  const auto everybody = test::many_patients(5'000);
  const auto sent = broadcast(content(1, "text"));
  at->outbox.accept(sent, everybody);
  at->outbox.sent_out(sent, everybody, {}, now);
  at->invites.create("alice", test::secret_of<16>(1), now, now + 1000);
  at.tamper("PRAGMA max_page_count = 1");  // held at what there is

  const auto more = test::many_patients(20'000);  // than the pages that are free now
  SECTION("a broadcast") {
    const auto e = test::thrown_by<store::error>(
        [&] { at->outbox.accept(broadcast(content(2, "text")), more); });
    CHECK(e.kind() == store::error_kind::full);
    CHECK(test::contains(e.what(), "disk is full"));
  }
  SECTION("a part of something larger") {
    const auto e = test::thrown_by<store::error>([&] {
      store::transaction whole(at->database());
      at->invites.spend("alice", test::secret_of<16>(1));
      at->patients.enrol(patient("alice"), protocol::scope::all, now);
      at->outbox.accept(broadcast(content(2, "text")), more);
      whole.commit();
    });
    CHECK(e.kind() == store::error_kind::full);
  }
  CHECK_FALSE(at->outbox.find(message(2)));
  CHECK_FALSE(at->patients.find("alice"));
  CHECK(at->invites.find("alice"));
  CHECK(at->outbox.unconfirmed("patient-0") == 1);

  at.tamper("PRAGMA max_page_count = 1000000");
  at->outbox.accept(broadcast(content(2, "text")), everybody);
  at.restart();
  CHECK(at->outbox.unconfirmed("patient-0") == 2);
}

}  // namespace wardline::doctor
