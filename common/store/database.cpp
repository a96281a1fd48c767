#include "common/store/database.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <utility>

#include <sqlite3.h>

#include "common/store/posix.hpp"
#include "common/store/sqlite_error.hpp"

namespace wardline::store {
namespace {

constexpr int busy_timeout_ms = 5'000;

// SQLite gives its journals the mode of the database, so this file's is the one that matters.
void make_private(const std::filesystem::path& file) {
  const int flags = O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
  posix::descriptor fd{::open(file.c_str(), flags | O_CREAT | O_EXCL, 0600)};
  if (fd) {
    // Not left to the umask, which might have taken away our own access.
    if (::fchmod(fd.get(), 0600) != 0) posix::raise(errno, "cannot make", file);
    posix::sync_directory(posix::directory_of(file));
    return;
  }
  if (errno != EEXIST) posix::raise(errno, "cannot make the database", file);
  fd = posix::descriptor{::open(file.c_str(), flags)};
  if (!fd) posix::raise(errno, "cannot open the database", file);
  posix::require_private_file(fd.get(), file);
}

}  // namespace

database::database(std::filesystem::path file, std::uint32_t application_id,
                   std::span<const migration> migrations, older_file how)
    : file_(std::move(file)) {
  make_private(file_);
  sqlite3* handle = nullptr;
  const int code = sqlite3_open_v2(
      file_.c_str(), &handle,
      SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_EXRESCODE,
      nullptr);
  handle_.reset(handle);
  if (code != SQLITE_OK) raise_sqlite(handle, code);
  sqlite3_busy_timeout(handle, busy_timeout_ms);

  // Looked at before anything is changed: it may not be ours.
  check_health();
  check_owner(application_id);
  check_version(static_cast<std::int64_t>(migrations.size()), how);
  configure();
  migrate(application_id, migrations);
}

database::database(database&&) noexcept = default;
database& database::operator=(database&&) noexcept = default;
database::~database() = default;

void database::closer::operator()(sqlite3* handle) const noexcept { sqlite3_close_v2(handle); }

void database::check_health() {
  // What the schema contains must not run anything, not even in a file that somebody prepared.
  execute("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;");
  sqlite3_db_config(handle_.get(), SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  const auto verdict =
      prepare("PRAGMA quick_check(1)").first([](const row& r) { return r.get<std::string>(0); });
  if (verdict != "ok") {
    throw error(error_kind::corrupt,
                "the database " + file_.string() + " is damaged: " + verdict.value_or("no answer"),
                "Restore it from a backup, or move it away to begin with an empty one.");
  }
}

void database::check_owner(std::uint32_t application_id) {
  const auto found = pragma("application_id");
  const bool is_new = found == 0 && pragma("user_version") == 0 && pragma("schema_version") == 0;
  // SQLite keeps it as a signed number of 32 bits.
  if (!is_new && static_cast<std::uint32_t>(found) != application_id) {
    throw error(error_kind::corrupt, file_.string() + " is a database of another program",
                "Move it away, or choose another data directory.");
  }
}

void database::check_version(std::int64_t known_version, older_file how) {
  const auto version = pragma("user_version");
  if (version < 0) {
    throw error(error_kind::corrupt,
                "the database " + file_.string() + " is damaged: its schema has no valid number",
                "Restore it from a backup, or move it away to begin with an empty one.");
  }
  if (version > known_version) {
    throw error(error_kind::other,
                "the database " + file_.string() + " was written by a newer version (schema " +
                    std::to_string(version) + ", this program knows " +
                    std::to_string(known_version) + ")",
                "Use the newer version of this program, or restore a backup from before it.");
  }
  if (version < known_version && how == older_file::refuse) {
    throw error(error_kind::other,
                "the database " + file_.string() + " is in use by an older version (schema " +
                    std::to_string(version) + ", this program has " +
                    std::to_string(known_version) + ")",
                "Restart what has it open, which brings it up to date.");
  }
}

void database::configure() {
  execute(
      "PRAGMA journal_mode = WAL;"
      "PRAGMA synchronous = FULL;"
      "PRAGMA foreign_keys = ON;"
      "PRAGMA secure_delete = ON;");
}

void database::migrate(std::uint32_t application_id, std::span<const migration> migrations) {
  const auto version = static_cast<std::size_t>(pragma("user_version"));
  if (version == migrations.size()) return;
  // A table that steps aside for another of its name is neither followed by what refers to it nor
  // takes that along when it goes. Inside a transaction SQLite does not take this setting.
  execute("PRAGMA foreign_keys = OFF; PRAGMA legacy_alter_table = ON");
  for (std::size_t i = version; i < migrations.size(); ++i) {
    transaction whole(*this);
    execute(std::string(migrations[i].sql));
    if (migrations[i].then != nullptr) migrations[i].then(*this);
    check_references();
    execute("PRAGMA application_id = " + std::to_string(static_cast<std::int32_t>(application_id)) +
            "; PRAGMA user_version = " + std::to_string(i + 1));
    whole.commit();
  }
  execute("PRAGMA legacy_alter_table = OFF; PRAGMA foreign_keys = ON");
}

void database::check_references() {
  const auto table =
      prepare("PRAGMA foreign_key_check").first([](const row& r) { return r.get<std::string>(0); });
  if (table) {
    throw error(error_kind::corrupt,
                "the database " + file_.string() + " is damaged: a row of its table " + *table +
                    " refers to one that is not there",
                "Restore it from a backup, or move it away to begin with an empty one.");
  }
}

std::int64_t database::pragma(std::string_view name) {
  return prepare("PRAGMA " + std::string(name))
      .first([](const row& r) { return r.get<std::int64_t>(0); })
      .value_or(0);
}

statement database::prepare(std::string_view sql) { return statement(handle_.get(), sql); }

void database::execute(const std::string& sql) {
  const int code = sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) raise_sqlite(handle_.get(), sqlite3_extended_errcode(handle_.get()));
}

std::int64_t database::last_insert_id() const noexcept {
  return sqlite3_last_insert_rowid(handle_.get());
}

std::int64_t database::changes() const noexcept { return sqlite3_changes64(handle_.get()); }

bool database::in_transaction() const noexcept {
  return sqlite3_get_autocommit(handle_.get()) == 0;
}

transaction::transaction(database& db) : db_(db), is_part_(db.in_transaction()) {
  db_.execute(is_part_ ? "SAVEPOINT part" : "BEGIN IMMEDIATE");
}

transaction::~transaction() {
  // SQLite may have rolled back by itself (a full disk). A failing ROLLBACK needs no more: the
  // journal is not applied then.
  if (open_ && db_.in_transaction()) {
    const char* undo = is_part_ ? "ROLLBACK TO part; RELEASE part" : "ROLLBACK";
    sqlite3_exec(db_.handle_.get(), undo, nullptr, nullptr, nullptr);
  }
}

void transaction::commit() {
  db_.execute(is_part_ ? "RELEASE part" : "COMMIT");
  open_ = false;
}

snapshot::snapshot(database& db) : db_(db), is_ours_(!db.in_transaction()) {
  // BEGIN alone takes none: the first reading does.
  if (is_ours_) db_.execute("BEGIN; SELECT count(*) FROM sqlite_schema");
}

snapshot::~snapshot() {
  if (is_ours_ && db_.in_transaction()) {
    sqlite3_exec(db_.handle_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
  }
}

}  // namespace wardline::store
