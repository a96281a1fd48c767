#include "common/store/complete_schema.hpp"

#include <array>

#include "tests/support/catch.hpp"
#include "tests/support/released_schema.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/thrown.hpp"

namespace wardline::store {
namespace {

using test::contains;
using test::schema_of;
using test::thrown_by;

constexpr std::uint32_t our_id = 0x77617264;

constexpr std::string_view schema = R"sql(
CREATE TABLE owners(id TEXT PRIMARY KEY) STRICT;
CREATE TABLE things(
  number INTEGER PRIMARY KEY,
  owner TEXT NOT NULL REFERENCES owners(id),
  size INTEGER NOT NULL,   -- came later
  part_of INTEGER REFERENCES things(number)
) STRICT;
CREATE INDEX big_things ON things(size) WHERE size > 9;
CREATE TABLE notes(thing INTEGER NOT NULL REFERENCES things(number) ON DELETE CASCADE) STRICT;
CREATE TRIGGER notes_stay BEFORE DELETE ON notes BEGIN SELECT raise(ABORT, 'they stay'); END;
)sql";

constexpr std::string_view older = R"sql(
CREATE TABLE owners(id TEXT PRIMARY KEY) STRICT;
CREATE TABLE things(
  number INTEGER PRIMARY KEY,
  owner TEXT NOT NULL REFERENCES owners(id)
) STRICT;
CREATE INDEX big_things ON things(number);
CREATE INDEX "odd ""name" ON things(owner);
CREATE TABLE notes(thing INTEGER NOT NULL REFERENCES things(number) ON DELETE CASCADE) STRICT;
INSERT INTO owners VALUES('a');
INSERT INTO things VALUES(7, 'a'), (9, 'a');
INSERT INTO notes VALUES(7), (9);
)sql";

void complete(database& db) {
  const std::array<grown_table, 2> grown{
      {{"things", {{"size", "number * 2"}, {"part_of", "NULL"}}}, {"notes", {}}}};
  complete_schema(db, schema, grown);
}

struct place {
  test::temporary_directory directory;

  database opened(std::string_view first) const {
    const std::array<migration, 2> migrations{{{first}, {"", complete}}};
    return {directory.path() / "records.db", our_id, migrations};
  }
  /// As it was before there was the migration.
  database before(std::string_view first) const {
    const std::array<migration, 1> migrations{{{first}}};
    return {directory.path() / "records.db", our_id, migrations};
  }
};

std::int64_t number(database& db, const std::string& query) {
  return db.prepare(query).first([](const row& r) { return r.get<std::int64_t>(0); }).value();
}

}  // namespace

TEST_CASE("an older file gets the schema of a new one, to the letter") {
  const place at;
  const place fresh;
  { (void)at.before(older); }
  auto db = at.opened(older);
  auto made = fresh.opened(schema);
  CHECK(schema_of(db) == schema_of(made));
}

TEST_CASE("a table that is made anew keeps its rows, and those that refer to them") {
  const place at;
  { (void)at.before(older); }
  auto db = at.opened(older);
  CHECK(number(db, "SELECT sum(size) FROM things") == 32);
  CHECK(number(db, "SELECT count(*) FROM things WHERE part_of IS NULL") == 2);
  CHECK(number(db, "SELECT count(*) FROM notes JOIN things ON thing = number") == 2);
}

TEST_CASE("foreign keys hold again when the schema is complete") {
  const place at;
  { (void)at.before(older); }
  auto db = at.opened(older);
  CHECK(thrown_by<error>([&] { db.execute("INSERT INTO notes VALUES(8)"); }).kind() ==
        error_kind::constraint);
  CHECK(thrown_by<error>([&] {
          db.execute("INSERT INTO things VALUES(1, 'b', 1, NULL)");
        }).kind() == error_kind::constraint);
}

TEST_CASE("a table in no shape that is known is refused and left as it was") {
  const std::string strange =
      GENERATE(as<std::string>(), "ALTER TABLE things ADD COLUMN colour TEXT",
               "ALTER TABLE things RENAME COLUMN owner TO possessor");
  CAPTURE(strange);
  const place at;
  std::vector<std::string> as_it_was;
  {
    auto db = at.before(older);
    db.execute(strange);
    as_it_was = schema_of(db);
  }
  const auto e = thrown_by<error>([&] { (void)at.opened(older); });
  CHECK(e.kind() == error_kind::corrupt);
  CHECK(contains(e.what(), "its table things has"));
  CHECK(contains(e.hint(), "backup"));
  auto db = at.before(older);
  CHECK(schema_of(db) == as_it_was);
  CHECK(number(db, "SELECT count(*) FROM things") == 2);
}

}  // namespace wardline::store
