#include "common/store/database.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <fstream>
#include <iterator>
#include <limits>
#include <sys/resource.h>
#include <sys/stat.h>
#include <vector>

#include "common/util/clock.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/thrown.hpp"

namespace wardline::store {
namespace {

using test::contains;
using test::thrown_by;

constexpr std::uint32_t our_id = 0x77617264;
constexpr std::array<migration, 1> first_schema{
    {{"CREATE TABLE patient(id TEXT PRIMARY KEY, seen INTEGER, key BLOB) STRICT;"}}};
constexpr std::array<migration, 2> second_schema{
    {first_schema[0],
     {"ALTER TABLE patient ADD COLUMN note TEXT; CREATE TABLE extra(x INTEGER);"}}};

struct place {
  test::temporary_directory directory;
  std::filesystem::path file = directory.path() / "records.db";

  database open() const { return database(file, our_id, first_schema); }
};

std::int64_t count(database& db) {
  return db.prepare("SELECT count(*) FROM patient")
      .first([](const row& r) { return r.get<std::int64_t>(0); })
      .value();
}

void insert_many(database& db, int n) {
  auto insert = db.prepare("INSERT INTO patient VALUES(?, ?, ?)");
  for (int i = 0; i < n; ++i) insert.bind("p" + std::to_string(i), i, bytes(1000, 7)).run();
}

// The process cannot write a file beyond `size` bytes while this lives.
class file_size_limit {
 public:
  explicit file_size_limit(rlim_t size) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit smaller{size, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &smaller);
  }
  file_size_limit(const file_size_limit&) = delete;
  file_size_limit& operator=(const file_size_limit&) = delete;
  ~file_size_limit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }

 private:
  rlimit before_{};
  void (*handler_)(int);
};

}  // namespace

TEST_CASE("what is stored is there after the database is opened again") {
  const place at;
  at.open().prepare("INSERT INTO patient VALUES(?, ?, ?)").bind("alice", 5, bytes{1, 2}).run();
  auto db = at.open();
  const auto seen = db.prepare("SELECT seen FROM patient WHERE id = ?")
                        .bind(std::string_view("alice"))
                        .first([](const row& r) { return r.get<unix_ms>(0); });
  CHECK(seen == 5U);
}

TEST_CASE("values come back as what they were, and as nothing else") {
  const place at;
  auto db = at.open();
  db.execute("CREATE TABLE t(a, b, c, d, e)");
  db.prepare("INSERT INTO t VALUES(?, ?, ?, ?, ?)")
      .bind(std::int64_t{-3}, "", bytes{}, nullptr, std::optional<std::string>("x"))
      .run();
  const auto found = db.prepare("SELECT a, b, c, d, e FROM t").first([](const row& r) {
    CHECK(r.get<int>(0) == -3);
    CHECK(r.get<std::string>(1).empty());
    CHECK(r.get<bytes>(2).empty());
    CHECK(r.is_null(3));
    CHECK(r.get<std::optional<int>>(3) == std::nullopt);
    CHECK(r.get<std::optional<std::string>>(4) == "x");
    CHECK_THROWS_AS(r.get<unsigned>(0), error);
    CHECK_THROWS_AS(r.get<std::int64_t>(1), error);
    CHECK_THROWS_AS(r.get<bytes>(1), error);
    CHECK_THROWS_AS(r.get<std::string>(3), error);
    CHECK_THROWS_AS(r.get<byte_array<2>>(2), error);
    return true;
  });
  CHECK(found.has_value());
  CHECK_THROWS_AS(db.prepare("SELECT ?").bind(std::numeric_limits<std::uint64_t>::max()), error);
  CHECK_THROWS_AS(db.prepare("SELECT ?, ?").bind(1), std::logic_error);
  CHECK_THROWS_AS(db.prepare("SELECT 1; SELECT 2"), std::logic_error);
}

TEST_CASE("a text with a null inside stays whole") {
  const place at;
  auto db = at.open();
  const std::string text("a\0b", 3);
  const auto back =
      db.prepare("SELECT ?").bind(text).first([](const row& r) { return r.get<std::string>(0); });
  CHECK(back == text);
}

TEST_CASE("a statement whose reading was broken off holds no lock") {
  const place at;
  auto db = at.open();
  insert_many(db, 3);
  auto all = db.prepare("SELECT id FROM patient");
  CHECK_THROWS_AS(all.each([](const row&) { throw std::runtime_error("enough"); }),
                  std::runtime_error);
  db.execute("DROP TABLE patient");  // would be refused while a statement reads it
}

TEST_CASE("the settings that safety rests on are in force") {
  const place at;
  auto db = at.open();
  const auto setting = [&](const std::string& name) {
    return db.prepare("PRAGMA " + name)
        .first([](const row& r) { return r.get<std::int64_t>(0); })
        .value();
  };
  CHECK(setting("synchronous") == 2);
  CHECK(setting("foreign_keys") == 1);
  CHECK(setting("secure_delete") == 1);
  CHECK(setting("trusted_schema") == 0);
  CHECK(setting("application_id") == our_id);
  const auto mode =
      db.prepare("PRAGMA journal_mode").first([](const row& r) { return r.get<std::string>(0); });
  CHECK(mode == "wal");
}

TEST_CASE("a database is made for its owner only, whatever the umask") {
  const place at;
  const mode_t before = ::umask(0);
  auto db = at.open();
  insert_many(db, 1);
  ::umask(before);
  for (const auto& entry : std::filesystem::directory_iterator(at.directory.path())) {
    CAPTURE(entry.path());
    CHECK((entry.status().permissions() & std::filesystem::perms::all) ==
          (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
  }
}

TEST_CASE("a database that others can read is refused with a way out") {
  const place at;
  (void)at.open();
  std::filesystem::permissions(at.file, std::filesystem::perms{0640});
  try {
    (void)at.open();
    FAIL("it was opened");
  } catch (const failure& e) {
    CHECK(contains(e.what(), "open to other users"));
    CHECK(contains(e.hint(), "chmod 600"));
  }
}

TEST_CASE("a transaction that is not committed leaves nothing") {
  const place at;
  auto db = at.open();
  {
    const transaction abandoned(db);
    insert_many(db, 3);
  }
  CHECK(count(db) == 0);
  {
    transaction kept(db);
    insert_many(db, 3);
    kept.commit();
  }
  CHECK(count(db) == 3);
}

TEST_CASE("a transaction inside another is undone alone, and with the outer one") {
  const place at;
  auto db = at.open();
  const auto insert = [&](const char* id) {
    db.prepare("INSERT INTO patient VALUES(?, 0, NULL)").bind(id).run();
  };
  {
    transaction outer(db);
    insert("outer");
    {
      transaction kept(db);
      insert("kept");
      kept.commit();
    }
    {
      const transaction abandoned(db);
      insert("abandoned");
    }
    CHECK(count(db) == 2);
    outer.commit();
  }
  CHECK(count(db) == 2);
  {
    const transaction outer(db);
    transaction inner(db);
    insert("more");
    inner.commit();
  }
  CHECK(count(db) == 2);
}

TEST_CASE("a key that exists already is told apart") {
  const place at;
  auto db = at.open();
  insert_many(db, 1);
  CHECK(thrown_by<error>([&] { insert_many(db, 1); }).kind() == error_kind::constraint);
}

TEST_CASE("when the database may not grow, the command fails and nothing half-done remains") {
  const place at;
  auto db = at.open();
  db.execute("PRAGMA max_page_count = 20");
  const auto e = thrown_by<error>([&] {
    transaction whole(db);
    insert_many(db, 200);
    whole.commit();
  });
  CHECK(e.kind() == error_kind::full);
  CHECK(contains(e.what(), "is full"));
  CHECK(count(db) == 0);
  insert_many(db, 2);
  CHECK(count(db) == 2);
}

TEST_CASE("when the system takes no more bytes, the command fails and the next one works") {
  const place at;
  auto db = at.open();
  insert_many(db, 1);
  {
    const file_size_limit limit(128 * 1024);
    const auto e = thrown_by<error>([&] {
      transaction whole(db);
      insert_many(db, 1);  // breaks a constraint only if the first one was lost
    });
    CHECK(e.kind() == error_kind::constraint);
    const auto full = thrown_by<error>([&] {
      transaction whole(db);
      db.execute("DELETE FROM patient");
      insert_many(db, 1000);
      whole.commit();
    });
    CHECK(full.kind() == error_kind::full);
  }
  CHECK(count(db) == 1);
  db.execute("DELETE FROM patient");
  insert_many(db, 1000);
  CHECK(count(db) == 1000);
}

TEST_CASE("a damaged database is refused with words for a person") {
  const place at;
  {
    auto db = at.open();
    insert_many(db, 200);
  }
  const auto size = static_cast<std::streamoff>(std::filesystem::file_size(at.file));
  SECTION("in the middle") {
    std::fstream file(at.file, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(size / 2);
    file << std::string(8192, '\xff');
  }
  SECTION("at the front") {
    std::fstream file(at.file, std::ios::in | std::ios::out | std::ios::binary);
    file << std::string(100, 'x');
  }
  SECTION("cut short") { std::filesystem::resize_file(at.file, 8192); }
  const auto e = thrown_by<error>([&] { (void)at.open(); });
  CHECK(e.kind() == error_kind::corrupt);
  CHECK(contains(e.what(), at.file.string()));
  CHECK(contains(e.what(), "damaged"));
  CHECK(contains(e.hint(), "backup"));
}

TEST_CASE("a value of the wrong type in the file is damage, not a crash") {
  const place at;
  auto db = at.open();
  db.execute("CREATE TABLE loose(id); INSERT INTO loose VALUES('text')");
  const auto e = thrown_by<error>(
      [&] { db.prepare("SELECT id FROM loose").each([](const row& r) { (void)r.get<int>(0); }); });
  CHECK(e.kind() == error_kind::corrupt);
}

TEST_CASE("a database of another program is refused and left as it was") {
  const place at;
  { const database theirs(at.file, our_id + 1, first_schema); }
  const auto e = thrown_by<error>([&] { (void)at.open(); });
  CHECK(contains(e.what(), "another program"));
  CHECK_NOTHROW(database(at.file, our_id + 1, first_schema));
}

TEST_CASE("an older schema is brought up to date and keeps its rows") {
  const place at;
  {
    auto db = at.open();
    insert_many(db, 4);
  }
  database db(at.file, our_id, second_schema);
  CHECK(count(db) == 4);
  db.execute("UPDATE patient SET note = 'x'");
  CHECK(db.changes() == 4);
}

TEST_CASE("a migration that fails changes nothing") {
  const place at;
  {
    auto db = at.open();
    insert_many(db, 4);
  }
  const std::array<migration, 2> broken{
      {first_schema[0], {"DELETE FROM patient; CREATE NONSENSE;"}}};
  CHECK_THROWS_AS(database(at.file, our_id, broken), error);
  auto db = at.open();
  CHECK(count(db) == 4);
}

TEST_CASE("a migration whose second half fails changes nothing") {
  const place at;
  {
    auto db = at.open();
    insert_many(db, 4);
  }
  const std::array<migration, 2> broken{
      {first_schema[0], {"DELETE FROM patient;", [](database& db) {
                           CHECK(count(db) == 0);
                           throw failure("no");
                         }}}};
  CHECK_THROWS_AS(database(at.file, our_id, broken), failure);
  auto db = at.open();
  CHECK(count(db) == 4);
}

TEST_CASE("a migration that leaves a row without what it refers to changes nothing") {
  const place at;
  {
    auto db = at.open();
    insert_many(db, 4);
  }
  const std::array<migration, 2> broken{
      {first_schema[0],
       {"CREATE TABLE note(about TEXT REFERENCES patient(id)); INSERT INTO note VALUES('p9');"}}};
  const auto e = thrown_by<error>([&] { database(at.file, our_id, broken); });
  CHECK(e.kind() == error_kind::corrupt);
  CHECK(contains(e.what(), "table note refers to one that is not there"));
  auto db = at.open();
  CHECK(count(db) == 4);
}

TEST_CASE("an older file that something else has open is refused with words, not changed") {
  const place at;
  auto in_use = at.open();
  const auto e =
      thrown_by<error>([&] { database(at.file, our_id, second_schema, older_file::refuse); });
  CHECK(contains(e.what(), "in use by an older version (schema 1, this program has 2)"));
  CHECK(contains(e.hint(), "Restart"));
  CHECK_NOTHROW(at.open());
  CHECK_NOTHROW(database(at.file, our_id, first_schema, older_file::refuse));
}

TEST_CASE("a schema newer than the program is refused with words") {
  const place at;
  { const database newer(at.file, our_id, second_schema); }
  const auto e = thrown_by<error>([&] { (void)at.open(); });
  CHECK(contains(e.what(), "newer version"));
}

TEST_CASE("a deleted value is overwritten in the file") {
  const place at;
  const std::string secret = "this must not stay behind";
  {
    auto db = at.open();
    db.prepare("INSERT INTO patient VALUES('p', 0, ?)").bind(as_bytes(secret)).run();
  }
  {
    auto db = at.open();
    db.execute("DELETE FROM patient");
  }
  std::ifstream file(at.file, std::ios::binary);
  const std::string content((std::istreambuf_iterator<char>(file)), {});
  CHECK(content.find(secret) == std::string::npos);
  CHECK(content.size() > 4096);
}

}  // namespace wardline::store
