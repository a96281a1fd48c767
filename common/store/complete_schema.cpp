#include "common/store/complete_schema.hpp"

#include <algorithm>
#include <regex>
#include <string>

namespace wardline::store {
namespace {

std::vector<std::string> columns_of(database& db, const std::string& table) {
  std::vector<std::string> out;
  db.prepare("SELECT name FROM pragma_table_info(?) ORDER BY cid")
      .bind(table)
      .each([&](const row& r) { out.push_back(r.get<std::string>(0)); });
  return out;
}

bool has(const std::vector<std::string>& columns, std::string_view name) {
  return std::ranges::find(columns, name) != columns.end();
}

bool lacks_a_column(database& db, const grown_table& table) {
  const auto columns = columns_of(db, std::string(table.name));
  return !columns.empty() && !std::ranges::all_of(table.later, [&](const later_column& later) {
    return has(columns, later.name);
  });
}

std::string older(std::string_view table) { return "older_" + std::string(table); }

// With it its indexes would go along under their names, which `schema` needs.
void set_aside(database& db, std::string_view table) {
  std::vector<std::string> drops;
  db.prepare(
        "SELECT printf('DROP INDEX \"%w\"', name) FROM sqlite_schema"
        " WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL")
      .bind(table)
      .each([&](const row& r) { drops.push_back(r.get<std::string>(0)); });
  for (const auto& drop : drops) db.execute(drop);
  db.execute("ALTER TABLE " + std::string(table) + " RENAME TO " + older(table));
}

error unknown_shape(const database& db, const grown_table& table, const std::string& why) {
  return {error_kind::corrupt,
          "the database " + db.file().string() + " is damaged: its table " +
              std::string(table.name) + ' ' + why,
          "Restore it from a backup, or move it away to begin with an empty one."};
}

std::string value_of(const database& db, const grown_table& table,
                     const std::vector<std::string>& before, const std::string& column) {
  if (has(before, column)) return column;
  const auto later = std::ranges::find(table.later, column, &later_column::name);
  if (later == table.later.end()) throw unknown_shape(db, table, "has no column " + column);
  return std::string(later->value);
}

void carry_over(database& db, const grown_table& table) {
  const auto before = columns_of(db, older(table.name));
  const auto now = columns_of(db, std::string(table.name));
  for (const auto& column : before) {
    if (!has(now, column)) throw unknown_shape(db, table, "has a column that no version gave it");
  }
  std::string names;
  std::string values;
  for (const auto& column : now) {
    const auto* comma = names.empty() ? "" : ", ";
    names += comma + column;
    values += comma + value_of(db, table, before, column);
  }
  db.execute("INSERT INTO " + std::string(table.name) + '(' + names + ") SELECT " + values +
             " FROM " + older(table.name) + "; DROP TABLE " + older(table.name));
}

}  // namespace

void complete_schema(database& db, std::string_view schema, std::span<const grown_table> grown) {
  std::vector<const grown_table*> anew;
  for (const auto& table : grown) {
    if (!lacks_a_column(db, table)) continue;
    set_aside(db, table.name);
    anew.push_back(&table);
  }
  db.execute(std::regex_replace(std::string(schema), std::regex("\\bCREATE (TABLE|INDEX|TRIGGER) "),
                                "CREATE $1 IF NOT EXISTS "));
  for (const auto* table : anew) carry_over(db, *table);
}

}  // namespace wardline::store
