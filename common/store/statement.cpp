#include "common/store/statement.hpp"

#include <stdexcept>

#include <sqlite3.h>

#include "common/store/sqlite_error.hpp"

namespace wardline::store {
namespace {

void check(sqlite3_stmt* handle, int code) {
  if (code != SQLITE_OK) raise_sqlite(sqlite3_db_handle(handle), code);
}

}  // namespace

bool row::is_null(int column) const { return sqlite3_column_type(handle_, column) == SQLITE_NULL; }

std::int64_t row::integer(int column) const {
  if (sqlite3_column_type(handle_, column) != SQLITE_INTEGER) refuse(column, "not a number");
  return sqlite3_column_int64(handle_, column);
}

std::string_view row::text(int column) const {
  if (sqlite3_column_type(handle_, column) != SQLITE_TEXT) refuse(column, "not a text");
  const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(handle_, column));
  return {data, static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))};
}

byte_view row::blob(int column) const {
  if (sqlite3_column_type(handle_, column) != SQLITE_BLOB) refuse(column, "not a blob");
  const auto* data = static_cast<const byte*>(sqlite3_column_blob(handle_, column));
  return {data, static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))};
}

void row::refuse(int column, const char* why) const {
  const char* name = sqlite3_column_name(handle_, column);
  const char* file = sqlite3_db_filename(sqlite3_db_handle(handle_), "main");
  throw error(error_kind::corrupt,
              std::string("the database ") + (file != nullptr ? file : "") +
                  " is damaged: column " + (name != nullptr ? name : "?") + ": " + why,
              "Restore it from a backup, or move it away to begin with an empty one.");
}

statement::statement(sqlite3* db, std::string_view sql) {
  sqlite3_stmt* handle = nullptr;
  const char* rest = nullptr;
  const int code = sqlite3_prepare_v3(db, sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &handle, &rest);
  handle_.reset(handle);
  if (code != SQLITE_OK) raise_sqlite(db, code);
  const auto taken = static_cast<std::size_t>(rest - sql.data());
  if (handle == nullptr || sql.find_first_not_of(" \t\r\n;", taken) != std::string_view::npos) {
    throw std::logic_error("not exactly one statement: " + std::string(sql));
  }
}

statement::statement(statement&&) noexcept = default;
statement& statement::operator=(statement&&) noexcept = default;
statement::~statement() = default;

void statement::finalizer::operator()(sqlite3_stmt* handle) const noexcept {
  sqlite3_finalize(handle);
}

void statement::begin_binding(int count) {
  if (count != sqlite3_bind_parameter_count(handle_.get())) {
    throw std::logic_error(std::string("wrong number of values for ") + sqlite3_sql(handle_.get()));
  }
  reset();
}

void statement::bind_null(int position) {
  check(handle_.get(), sqlite3_bind_null(handle_.get(), position));
}

void statement::bind_integer(int position, std::int64_t value) {
  check(handle_.get(), sqlite3_bind_int64(handle_.get(), position, value));
}

void statement::bind_text(int position, std::string_view value) {
  // A null pointer would bind NULL.
  const char* data = value.empty() ? "" : value.data();
  check(handle_.get(), sqlite3_bind_text64(handle_.get(), position, data, value.size(),
                                           SQLITE_TRANSIENT, SQLITE_UTF8));
}

void statement::bind_blob(int position, byte_view value) {
  const byte nothing = 0;
  const byte* data = value.empty() ? &nothing : value.data();
  check(handle_.get(),
        sqlite3_bind_blob64(handle_.get(), position, data, value.size(), SQLITE_TRANSIENT));
}

void statement::refuse_number() {
  throw error(error_kind::other, "a number is too large for the database");
}

void statement::run() {
  const reset_guard guard{*this};
  while (step()) {
  }
}

bool statement::step() {
  const int code = sqlite3_step(handle_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  raise_sqlite(sqlite3_db_handle(handle_.get()), code);
}

void statement::reset() noexcept { sqlite3_reset(handle_.get()); }

}  // namespace wardline::store
