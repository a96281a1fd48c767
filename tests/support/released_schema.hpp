#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "common/store/database.hpp"

namespace wardline::test {

/// The SQL in tests/schemas/NAME.sql: a schema that a version of the programs has made.
std::string released_schema(const std::string& name);

/// Each table, index and trigger, to the letter.
std::vector<std::string> schema_of(store::database& db);

/// Makes of the database in `file` one with this schema, and with those of its rows and columns
/// that fit: what an earlier version would have left there.
void make_older(const std::filesystem::path& file, std::uint32_t application_id,
                const std::string& name);

}  // namespace wardline::test
