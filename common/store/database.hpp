#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "common/store/migration.hpp"
#include "common/store/statement.hpp"

struct sqlite3;

namespace wardline::store {

/// What becomes of a file whose schema is not the last one.
enum class older_file {
  upgrade,
  refuse,  ///< another process has it open, and knows it as it is
};

/// One SQLite file: WAL, synchronous=FULL (a commit is on the disk when it returns), foreign keys
/// on, secure_delete on (deleted rows are overwritten), schema not trusted. Not thread-safe; every
/// function throws `store::error`.
class database {
 public:
  /// Opens `file`, which is made with mode 0600 if it does not exist, and brings it up to date.
  /// `application_id` marks our files; migration i leads from schema i to i + 1, each in a
  /// transaction of its own, forward only.
  ///
  /// Refuses a file of another owner or open to others, a file that is damaged (checked wholly) or
  /// of another application, and one whose schema is newer than the last migration.
  database(std::filesystem::path file, std::uint32_t application_id,
           std::span<const migration> migrations, older_file how = older_file::upgrade);
  database(database&&) noexcept;
  database& operator=(database&&) noexcept;
  ~database();

  /// One statement, compiled now; it must not outlive the database.
  statement prepare(std::string_view sql);

  /// Runs a script of any number of statements without parameters.
  void execute(const std::string& sql);

  /// The rowid of the last INSERT.
  std::int64_t last_insert_id() const noexcept;

  /// How many rows the last INSERT, UPDATE or DELETE changed.
  std::int64_t changes() const noexcept;

  /// True inside a transaction: what is read may yet be undone.
  bool in_transaction() const noexcept;

  const std::filesystem::path& file() const noexcept { return file_; }

 private:
  friend class transaction;
  friend class snapshot;
  struct closer {
    void operator()(sqlite3* handle) const noexcept;
  };

  void configure();
  void check_health();
  void check_owner(std::uint32_t application_id);
  void check_version(std::int64_t known_version, older_file how);
  void migrate(std::uint32_t application_id, std::span<const migration> migrations);
  void check_references();
  std::int64_t pragma(std::string_view name);

  std::filesystem::path file_;
  std::unique_ptr<sqlite3, closer> handle_;
};

/// Copies the database in `from`, as it is at one moment, into the new file `to` (mode 0600), which
/// is on the disk when this returns. Others may be writing to `from` meanwhile; nothing of it is
/// changed. Free pages are not copied. Throws `store::error`; then there is no `to`.
void copy_database(const std::filesystem::path& from, const std::filesystem::path& to);

/// BEGIN IMMEDIATE now, ROLLBACK when destroyed unless `commit` has returned. One that begins
/// inside another is a part of it: it can be undone alone, and its changes last once the outermost
/// has committed. What throws out of one must leave the outer ones too: a full disk undoes them
/// all.
class transaction {
 public:
  explicit transaction(database& db);
  transaction(const transaction&) = delete;
  transaction& operator=(const transaction&) = delete;
  ~transaction();

  /// On disk when it returns (the outermost). If it throws, nothing has happened.
  void commit();

 private:
  database& db_;
  bool is_part_;
  bool open_ = true;
};

/// What is read is as it was when this began, whatever others commit meanwhile; nobody waits for
/// it. Inside a transaction it adds nothing.
class snapshot {
 public:
  explicit snapshot(database& db);
  snapshot(const snapshot&) = delete;
  snapshot& operator=(const snapshot&) = delete;
  ~snapshot();

 private:
  database& db_;
  bool is_ours_;
};

}  // namespace wardline::store
