#include "tests/support/released_schema.hpp"

#include <array>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace wardline::test {

std::string released_schema(const std::string& name) {
  const auto path = WARDLINE_SCHEMAS_DIR "/" + name + ".sql";
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot open the schema: " + path);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::string> schema_of(store::database& db) {
  std::vector<std::string> out;
  db.prepare(
        "SELECT type || ' ' || name || ' of ' || tbl_name || ': ' || coalesce(sql, '')"
        " FROM sqlite_schema ORDER BY type, name")
      .each([&](const store::row& r) { out.push_back(r.get<std::string>(0)); });
  return out;
}

void make_older(const std::filesystem::path& file, std::uint32_t application_id,
                const std::string& name) {
  const std::filesystem::path made = file.string() + ".older";
  const auto sql = released_schema(name);
  const std::array<store::migration, 1> as_it_was{{{sql}}};
  {
    store::database older(made, application_id, as_it_was);
    older.execute("PRAGMA foreign_keys = OFF; ATTACH '" + file.string() + "' AS present");
    std::vector<std::pair<std::string, std::string>> tables;
    older
        .prepare(
            "SELECT t.name, group_concat(c.name) FROM main.sqlite_schema t"
            " JOIN pragma_table_info(t.name, 'main') c"
            " JOIN pragma_table_info(t.name, 'present') n ON n.name = c.name"
            " WHERE t.type = 'table' GROUP BY t.name")
        .each([&](const store::row& r) {
          tables.emplace_back(r.get<std::string>(0), r.get<std::string>(1));
        });
    for (const auto& [table, columns] : tables) {
      older.execute("INSERT INTO main." + table + '(' + columns + ") SELECT " + columns +
                    " FROM present." + table);
    }
    older.execute("DETACH present");
  }
  std::filesystem::rename(made, file);
}

}  // namespace wardline::test
