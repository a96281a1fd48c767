#include <cerrno>
#include <fcntl.h>
#include <memory>
#include <string>
#include <unistd.h>

#include <sqlite3.h>

#include "common/store/database.hpp"
#include "common/store/posix.hpp"
#include "common/store/sqlite_error.hpp"

namespace wardline::store {
namespace {

constexpr int busy_timeout_ms = 5'000;

struct closer {
  void operator()(sqlite3* handle) const noexcept { sqlite3_close_v2(handle); }
  void operator()(sqlite3_stmt* handle) const noexcept { sqlite3_finalize(handle); }
};

void vacuum_into(const std::filesystem::path& from, const std::filesystem::path& to) {
  sqlite3* handle = nullptr;
  int code = sqlite3_open_v2(
      from.c_str(), &handle,
      SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_EXRESCODE,
      nullptr);
  const std::unique_ptr<sqlite3, closer> db(handle);
  if (code != SQLITE_OK) raise_sqlite(handle, code);
  sqlite3_busy_timeout(handle, busy_timeout_ms);

  sqlite3_stmt* compiled = nullptr;
  code = sqlite3_prepare_v2(handle, "VACUUM INTO ?", -1, &compiled, nullptr);
  const std::unique_ptr<sqlite3_stmt, closer> statement(compiled);
  if (code != SQLITE_OK) raise_sqlite(handle, code);
  sqlite3_bind_text(compiled, 1, to.c_str(), -1, SQLITE_TRANSIENT);
  code = sqlite3_step(compiled);
  if (code != SQLITE_DONE) raise_sqlite(handle, sqlite3_extended_errcode(handle));
}

}  // namespace

void copy_database(const std::filesystem::path& from, const std::filesystem::path& to) {
  // SQLite takes an empty file for a new one, and leaves its mode as it is.
  const posix::descriptor fd{
      ::open(to.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600)};
  if (!fd) posix::raise(errno, "cannot make", to);
  try {
    vacuum_into(from, to);
    posix::sync(fd.get(), to);
  } catch (const error& why) {
    ::unlink(to.c_str());
    // SQLite names the file that is read.
    if (why.kind() == error_kind::full)
      throw error(error_kind::full, "there is no space for the copy " + to.string(), why.hint());
    throw;
  }
}

}  // namespace wardline::store
