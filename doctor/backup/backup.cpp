#include "doctor/backup/backup.hpp"

#include <functional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/at_rest/passphrase.hpp"
#include "common/store/database.hpp"
#include "common/store/directory.hpp"
#include "common/util/text_encoding.hpp"
#include "doctor/audit/configuration.hpp"
#include "doctor/backup/archive.hpp"
#include "doctor/backup/backup_entry.hpp"
#include "doctor/control/client.hpp"
#include "doctor/identity_file.hpp"
#include "doctor/records/records.hpp"

namespace wardline::doctor {
namespace {

namespace fs = std::filesystem;
using json = nlohmann::ordered_json;
/// Tells the audit log, the second time with what came of it.
using recorder = std::function<void(const std::string& result, const std::string& hash)>;

archive::summary copy(const fs::path& directory, const fs::path& file, const clock& time) {
  const store::scratch_directory scratch(file);
  const auto database = scratch.path() / "doctor.db";
  store::copy_database(directory / "doctor.db", database);
  std::vector<archive::entry> entries;
  std::error_code ignored;
  for (const auto name : archive::names) {
    const auto kept = directory / name;
    // Beside sealed keys, one in the clear is what a crash has left.
    const bool stale = at_rest::are_sealed(directory) &&
                       (name == at_rest::seed_name || name == at_rest::store_key_name);
    if (name != "doctor.db" && !stale && fs::exists(kept, ignored))
      entries.push_back({std::string(name), kept});
  }
  entries.push_back({"doctor.db", database});
  return archive::write(file, time.now(), entries);
}

json result_of(const fs::path& file, const archive::summary& made, bool sealed) {
  return {{"backup", file.string()},
          {"made", made.made},
          {"bytes", made.size},
          {"sha256", to_hex(made.hash.view())},
          {"keys", sealed ? "sealed" : "in the clear"}};
}

json copy_and_record(const fs::path& directory, const fs::path& file, const clock& time,
                     const recorder& record) {
  record("begun", "");
  archive::summary made;
  try {
    made = copy(directory, file, time);
  } catch (const failure&) {
    record("failed", "");
    throw;
  }
  record("done", to_hex(made.hash.view()));
  return result_of(file, made, at_rest::are_sealed(directory));
}

}  // namespace

audit::entry backup_entry(const std::string& file, const std::string& result,
                          const std::string& hash) {
  audit::entry out;
  out.actor = audit::actor::the_operator;
  out.event = audit::event::backup;
  out.whom = file;
  out.result = result;
  if (!hash.empty()) out.detail = "sha256=" + hash;
  return out;
}

json make_backup(const command_line& line, const backup_command& what, const clock& time,
                 crypto::random_source& random) {
  const auto& s = line.settings;
  const auto& directory = s.data_directory;
  const auto file = fs::absolute(what.file);
  if (!group_of_identity(directory))
    throw failure(fmt::format("there is no doctor in {}", directory.string()),
                  "Is it the right --data-dir?");
  check_identity(directory, s.id, s.group);
  std::error_code ignored;
  if (fs::exists(fs::symlink_status(file, ignored)))
    throw failure(file.string() + " exists already", "Choose another name, or move it away.");

  json answer;
  const auto by_gateway = [&](const std::string& result, const std::string& hash) {
    return control::ask(
        directory, control::record_backup_request{printable(file.string()), result, hash}, answer);
  };
  if (by_gateway("begun", "")) {
    // It was told above; that the first record stands is what had to be known before copying.
    return copy_and_record(directory, file, time,
                           [&](const std::string& result, const std::string& hash) {
                             if (result != "begun" && !by_gateway(result, hash))
                               throw failure("the gateway ended during the backup",
                                             file.string() +
                                                 " is whole if it is there; to have "
                                                 "its end recorded, make another one.");
                           });
  }

  const store::directory_lock lock(directory, "doctor");
  const auto keys = at_rest::unlock_if_sealed(directory, line.passphrase);
  const auto self =
      open_identity(directory, s.id, s.group, crypto::group_id::ffdhe3072, random, keys.get());
  records kept(directory, random, keys.get());
  kept.audit.begin(
      self, random, directory / audit::mirror_name, time.now(),
      [](const std::string& note) { fmt::print(stderr, "doctor: note: {}\n", printable(note)); });
  return copy_and_record(
      directory, file, time, [&](const std::string& result, const std::string& hash) {
        kept.audit.append(time.now(), backup_entry(printable(file.string()), result, hash));
        kept.audit.mirror_on();
      });
}

}  // namespace wardline::doctor
