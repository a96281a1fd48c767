#include "common/store/sqlite_error.hpp"

#include <string>

#include <sqlite3.h>

#include "common/store/posix.hpp"

namespace wardline::store {
namespace {

error_kind kind_of_result(sqlite3* db, int code) noexcept {
  // SQLite knows only ENOSPC as a full disk, and forgets the errno of a quota or a size limit.
  if (code == SQLITE_IOERR_WRITE || code == SQLITE_IOERR_SHMSIZE) return error_kind::full;
  switch (code & 0xff) {
    case SQLITE_FULL:
      return error_kind::full;
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return error_kind::read_only;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return error_kind::corrupt;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return error_kind::busy;
    case SQLITE_CONSTRAINT:
      return error_kind::constraint;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
      return posix::kind_of(sqlite3_system_errno(db));
    default:
      return error_kind::other;
  }
}

}  // namespace

void raise_sqlite(sqlite3* db, int code) {
  const char* name = db != nullptr ? sqlite3_db_filename(db, "main") : nullptr;
  const std::string file = name != nullptr ? name : "";
  const std::string detail = db != nullptr ? sqlite3_errmsg(db) : sqlite3_errstr(code);
  const error_kind kind = kind_of_result(db, code);
  switch (kind) {
    case error_kind::full:
      throw error(
          kind, "the database " + file + " cannot grow, the disk is full: " + detail,
          "Free some space on its file system (or raise the quota or limit) and try again.");
    case error_kind::read_only:
      throw error(kind, "the database " + file + " cannot be written: " + detail,
                  "Check who owns the file and its directory, and how the file system is mounted.");
    case error_kind::corrupt:
      throw error(kind, "the database " + file + " is damaged: " + detail,
                  "Restore it from a backup, or move it away to begin with an empty one.");
    case error_kind::busy:
      throw error(kind, "the database " + file + " is in use by another program",
                  "Close whatever else has it open and try again.");
    default:
      throw error(kind, "the database " + file + " failed: " + detail);
  }
}

}  // namespace wardline::store
