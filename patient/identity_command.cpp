#include "patient/identity_command.hpp"

#include <iostream>
#include <optional>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "common/cli/event_writer.hpp"
#include "common/cli/guard.hpp"
#include "common/store/directory.hpp"
#include "common/store/error.hpp"
#include "common/util/text_encoding.hpp"
#include "patient/own_keys.hpp"
#include "patient/records/records.hpp"

namespace wardline::patient {
namespace {

/// Nothing if a program that runs has it.
std::optional<store::directory_lock> lock_if_free(const std::filesystem::path& directory) {
  try {
    return store::directory_lock(directory, program_name);
  } catch (const store::error& why) {
    if (why.kind() != store::error_kind::busy) throw;
    return std::nullopt;
  }
}

}  // namespace

int show_identity(const config& settings, const std::filesystem::path& directory,
                  crypto::random_source& random) {
  const auto sealed = at_rest::unlock_if_sealed(directory, settings.passphrase);
  own_keys keys(directory, settings.id, random, sealed.get());
  // One that runs may be of an earlier version, and knows the database as it is.
  const auto lock = lock_if_free(directory);
  records kept(directory, settings.id, random, sealed.get(),
               lock ? store::older_file::upgrade : store::older_file::refuse);
  const auto doctor = kept.doctors.latest();
  // The fingerprint covers the group, which is the doctor's.
  const auto group = settings.group ? *settings.group
                     : doctor       ? doctor->who.group
                                    : crypto::group_id::ffdhe3072;
  const auto self = keys.in(group);
  const auto& key = self->own_fingerprint();

  if (settings.json) {
    nlohmann::ordered_json out{{"id", settings.id},
                               {"group", crypto::name(group)},
                               {"fingerprint", crypto::to_digits(key)},
                               {"fingerprint_hex", to_hex(key.view())}};
    if (doctor) out["doctor"] = doctor->who.id;
    std::cout << cli::json_line(out) << '\n';
  } else {
    std::cout << "id           " << settings.id << "\ngroup        " << crypto::name(group)
              << "\nfingerprint  " << crypto::to_digits(key) << '\n';
    if (doctor) std::cout << "doctor       " << doctor->who.id << '\n';
  }
  std::cout.flush();
  if (!settings.json && ::isatty(STDOUT_FILENO) == 1) {
    std::cerr
        << program_name
        << ": hint: the doctor sees this fingerprint while you wait to be admitted. Read all "
           "twelve groups to the doctor: if a digit differs, somebody else asks in your name\n";
  }
  return std::cout.good() ? cli::done : cli::failed;
}

}  // namespace wardline::patient
