// Of this folder only.
#pragma once

struct sqlite3;

namespace wardline::store {

/// Throws the `store::error` for the last error of `db`, which had the (extended) result `code`.
[[noreturn]] void raise_sqlite(sqlite3* db, int code);

}  // namespace wardline::store
