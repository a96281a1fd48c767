#pragma once

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
  std::string patient;  ///< empty: of anybody; as actor or as the one it was done to
  std::string event;    ///< empty: of any kind
};

/// What a verification came to.
struct verdict {
  head last;
  std::uint64_t checkpoints = 0;
  std::uint64_t signed_up_to = 0;
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
  /// the file that differs is kept beside the new one).
  void begin(const crypto::own_identity& self, crypto::random_source& random,
             const std::filesystem::path& mirror_file, unix_ms now,
             std::function<void(const std::string&)> on_trouble);

  /// Texts are held at 1,024 bytes. A checkpoint is signed where one has to stand.
  void append(unix_ms now, const entry& what);

  /// Writes to the mirror what has been committed since the last time; nothing inside a
  /// transaction. Never throws: the database has it, and the next call tries again.
  void mirror_on() noexcept;

  head last();
  /// Newest first, `limit` of them at most.
  std::vector<record> find(const filter& which, std::size_t limit);
  /// Also before `begin`, which would bring the mirror up to date.
  verdict verify(const crypto::identity& doctor, const std::filesystem::path& mirror_file);

  /// All of it as JSON lines, like the mirror, into a new file of mode 0600: how many records.
  /// Throws `failure` if there is such a file already.
  std::uint64_t export_to(const std::filesystem::path& file);

 private:
  void each(std::uint64_t after,
            const std::function<void(const record&, const std::string& lines)>& take);
  bool compare(mirror& with, std::uint64_t& same);
  void verify_mirror(const std::filesystem::path& file, verdict& out);

  store::database& db_;
  store::statement append_, head_, keep_head_, find_, records_, checkpoint_, keep_checkpoint_;
  store::statement checkpoints_;
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
