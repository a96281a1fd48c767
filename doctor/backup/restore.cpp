#include "doctor/backup/restore.hpp"

#include <algorithm>
#include <limits>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/at_rest/passphrase.hpp"
#include "common/store/directory.hpp"
#include "common/store/error.hpp"
#include "common/util/text_encoding.hpp"
#include "doctor/audit/configuration.hpp"
#include "doctor/audit/names.hpp"
#include "doctor/backup/archive.hpp"
#include "doctor/identity_file.hpp"
#include "doctor/records/records.hpp"

namespace wardline::doctor {
namespace {

namespace fs = std::filesystem;
using json = nlohmann::ordered_json;

/// Without the slash that a shell may have put behind it.
fs::path plain(const fs::path& directory) {
  auto out = fs::absolute(directory).lexically_normal();
  return out.has_filename() ? out : out.parent_path();
}

void require_empty(const fs::path& directory) {
  if (fs::is_symlink(directory))
    throw failure(directory.string() + " is a symbolic link", "Name the directory itself.");
  store::private_directory(directory);
  if (!fs::is_empty(directory))
    throw failure(directory.string() + " is not empty",
                  "A backup is restored into a new directory: move this one away.");
}

void require_whole(const fs::path& file, const archive::summary& found) {
  const auto has = [&](std::string_view name) {
    return std::ranges::find(found.names, name) != found.names.end();
  };
  const bool keys =
      has(at_rest::sealed_name) || (has(at_rest::seed_name) && has(at_rest::store_key_name));
  if (!has("identity.json") || !has("doctor.db") || !keys)
    throw failure(file.string() + " is damaged: there is something missing in it",
                  "Use another backup.");
}

std::uint32_t next_step(std::uint32_t last, unix_ms now) {
  constexpr std::uint64_t most = std::numeric_limits<std::uint32_t>::max();
  const auto from = std::max<std::uint64_t>(last, now / 1000) + generation_step;
  if (from >= most) throw failure("the numbers of the group key's generations are used up");
  return static_cast<std::uint32_t>(from);
}

void require_sound(records& kept) {
  const auto verdict =
      kept.database().prepare("PRAGMA integrity_check(1)").first([](const store::row& r) {
        return r.get<std::string>(0);
      });
  if (verdict != "ok")
    throw store::error(store::error_kind::corrupt,
                       "the database in it is damaged: " + verdict.value_or("no answer"),
                       "Use another backup.");
}

std::int64_t remove_all(records& kept, const std::string& table) {
  kept.database().execute("DELETE FROM " + table);
  return kept.database().changes();
}

/// The first thing that is wrong with the log; nothing if there is none.
std::string check_audit(records& kept, const crypto::own_identity& self, const fs::path& mirror) {
  const auto verdict = kept.audit.verify(self.public_part(), mirror);
  if (verdict.findings.empty()) return "whole";
  return fmt::format("record {}: {}", verdict.findings[0].number, verdict.findings[0].what);
}

json make_ready(const command_line& line, const fs::path& at, const archive::summary& from,
                const clock& time, crypto::random_source& random) {
  const auto& s = line.settings;
  check_identity(at, s.id, s.group);
  const auto keys = at_rest::unlock_if_sealed(at, line.passphrase);
  const auto self =
      open_identity(at, s.id, s.group, crypto::group_id::ffdhe3072, random, keys.get());
  records kept(at, random, keys.get());
  require_sound(kept);
  const auto mirror = at / audit::mirror_name;
  kept.audit.begin(self, random, mirror, time.now(), [](const std::string& note) {
    fmt::print(stderr, "doctor: note: {}\n", printable(note));
  });
  const auto log = check_audit(kept, self, mirror);

  const auto generation = next_step(kept.last_generation(), time.now());
  audit::act whole(kept.audit, kept.database());
  kept.keep_generation(generation);
  const auto tokens = remove_all(kept, "tokens");
  const auto invites = remove_all(kept, "invites");
  audit::entry entry;
  entry.actor = audit::actor::the_operator;
  entry.event = audit::event::restored;
  entry.detail = fmt::format("made={} sha256={} generation={} tokens_dropped={} invites_dropped={}",
                             from.made, to_hex(from.hash.view()), generation, tokens, invites);
  kept.audit.append(time.now(), entry);
  whole.commit();
  return {{"made", from.made}, {"invites_dropped", invites}, {"audit", log}};
}

}  // namespace

json restore_backup(const command_line& line, const restore_command& what, const clock& time,
                    crypto::random_source& random) {
  const auto directory = plain(line.settings.data_directory);
  require_empty(directory);
  store::scratch_directory scratch(directory);
  const auto found = archive::unpack(what.file, scratch.path());
  require_whole(what.file, found);
  json out{{"restored", directory.string()}};
  out.update(make_ready(line, scratch.path(), found, time, random));
  scratch.become(directory);
  return out;
}

}  // namespace wardline::doctor
