#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "common/store/database.hpp"

namespace wardline::store {

/// A column that older files lack, and what their rows get: an expression over the columns that
/// they have.
struct later_column {
  std::string_view name;
  std::string_view value;
};

struct grown_table {
  std::string_view name;
  std::vector<later_column> later;
};

/// For a migration of files of which one number means several schemas. Of `schema`, which creates
/// tables, indexes and triggers, what a file lacks is created; a table of `grown` that lacks a
/// column is made anew, as `schema` has it, with all of its rows. So whatever a file had before, it
/// has the same schema afterwards, to the letter. Throws store::error (corrupt) if a table that is
/// made anew lacks another column, or has one that `schema` does not know.
void complete_schema(database& db, std::string_view schema, std::span<const grown_table> grown);

}  // namespace wardline::store
