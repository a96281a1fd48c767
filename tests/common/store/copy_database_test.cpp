#include <array>
#include <filesystem>

#include "common/store/database.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/thrown.hpp"

namespace wardline::store {
namespace {

namespace fs = std::filesystem;
constexpr std::uint32_t our_id = 0x6d696e65;
constexpr std::array<migration, 1> schema{{{"CREATE TABLE t(x INTEGER) STRICT;"}}};

std::int64_t rows(database& db) {
  return db.prepare("SELECT count(*) FROM t")
      .first([](const row& r) { return r.get<std::int64_t>(0); })
      .value();
}

}  // namespace

TEST_CASE("a copy of a database has what was committed, and is private") {
  const test::temporary_directory at;
  database db(at.path() / "a", our_id, schema);
  db.execute("INSERT INTO t VALUES(1); INSERT INTO t VALUES(2);");
  transaction open(db);
  db.execute("INSERT INTO t VALUES(3)");
  copy_database(at.path() / "a", at.path() / "b");
  open.commit();

  CHECK(fs::status(at.path() / "b").permissions() == fs::perms(0600));
  database copy(at.path() / "b", our_id, schema);
  CHECK(rows(copy) == 2);
  CHECK(rows(db) == 3);
}

TEST_CASE("a copy of a database replaces nothing, and of one that is none nothing is left") {
  const test::temporary_directory at;
  { const database db(at.path() / "a", our_id, schema); }
  copy_database(at.path() / "a", at.path() / "b");
  CHECK_THROWS_AS(copy_database(at.path() / "a", at.path() / "b"), error);
  CHECK_THROWS_AS(copy_database(at.path() / "none", at.path() / "c"), error);
  CHECK_FALSE(fs::exists(at.path() / "c"));
  CHECK_FALSE(fs::exists(at.path() / "none"));
}

}  // namespace wardline::store
