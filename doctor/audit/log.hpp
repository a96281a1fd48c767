#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "common/crypto/identity.hpp"
#include "common/store/database.hpp"
#include "doctor/audit/mirror.hpp"
#include "doctor/audit/record.hpp"
#include "doctor/audit/verify.hpp"

namespace wardline::doctor::audit {

/// Which records to list.
struct filter {
  unix_ms since = 0;
  std::string patient;                ///< empty: of anybody; as actor or as the one it was done to
  std::string event;                  ///< empty: of any kind
  std::uint64_t before = UINT64_MAX;  ///< only records of a lower number
  std::optional<std::uint64_t> limit = {};  ///< so many at most: the newest
};

/// What a verification came to.
struct verdict {
  head last;
  std::uint64_t checkpoints = 0;
  std::uint64_t signed_up_to = 0;
  std::uint64_t mirrored_up_to = 0;  ///< the last record that the mirror has, too
  std::vector<finding> findings;
};

/// The audit log of one data directory: the table `audit`, its signed checkpoints and its mirror.
/// What is appended belongs to the transaction that it is appended in: an act and its record happen
/// both or neither. Throws store::error. Used from one thread.
class log {
 public:
  explicit log(store::database& db);

  /// From here on checkpoints are signed and the mirror is written. `self` and `random` must
  /// outlive the log. `on_trouble`, which must not throw, hears, once for each change, that the
  /// mirror cannot be written, and at once if it differs from the database (which is audited, and
  /// the file that differs is kept beside the new one). Only what follows the last checkpoint is
  /// compared, so that a start does not take the longer the longer the log is: `verify` compares
  /// all of it.
  void begin(const crypto::own_identity& self, crypto::random_source& random,
             const std::filesystem::path& mirror_file, unix_ms now,
             std::function<void(const std::string&)> on_trouble);

  /// Texts are held at 1,024 bytes of UTF-8 without control characters. A checkpoint is signed
  /// where one has to stand.
  void append(unix_ms now, const entry& what);

  /// Writes to the mirror what has been committed since the last time; nothing inside a
  /// transaction. Never throws: the database has it, and the next call tries again.
  void mirror_on() noexcept;

  head last();

  /// Calls `take` for each of these records, oldest first; none is held in memory.
  void find(const filter& which, const std::function<void(const record&)>& take);

  /// All of it, as it is when this begins, against itself, the doctor's signatures, the mirror, and
  /// `known`, if given: what an earlier verification ended with. Before `begin`, which would bring
  /// the mirror up to date; or on a database of one's own beside a gateway that runs.
  verdict verify(const crypto::identity& doctor, const std::filesystem::path& mirror_file,
                 const std::optional<head>& known = std::nullopt);

  /// Calls `take` for each record up to number `last` with its line of JSON, and that of its
  /// checkpoint if it has one, each ended by a line feed, as the mirror has them.
  void lines(std::uint64_t last,
             const std::function<void(const record&, const std::string& lines)>& take);
  /// Throws `failure` if there is such a file already.

 private:
  void each(std::uint64_t after,
            const std::function<void(const record&, const std::string& lines)>& take);
  bool compare(mirror& with, std::uint64_t& same, std::uint64_t from = 0);
  std::uint64_t skip_what_is_signed(mirror& in);
  void verify_records(const crypto::identity& doctor, const std::optional<head>& known,
                      verdict& out);
  void verify_mirror(const std::filesystem::path& file, std::optional<mirror>& found, verdict& out);

  store::database& db_;
  store::statement append_, head_, keep_head_, find_, first_of_, records_, checkpoint_,
      keep_checkpoint_;
  store::statement last_checkpoint_, checkpoints_;
  const crypto::own_identity* self_ = nullptr;
  crypto::random_source* random_ = nullptr;
  std::optional<mirror> mirror_;
  std::uint64_t mirrored_ = 0;  // the last record that the mirror has
  std::string last_trouble_;
  std::function<void(const std::string&)> on_trouble_;
};

/// A transaction around an act of which `append` leaves a record; after `commit` the mirror has it.
class act {
 public:
  act(log& to, store::database& db) : log_(to), whole_(db) {}
  void commit() {
    whole_.commit();
    log_.mirror_on();
  }

 private:
  log& log_;
  store::transaction whole_;
};

}  // namespace wardline::doctor::audit
