#include "patient/passwd.hpp"

#include <iostream>

#include <nlohmann/json.hpp>

#include "common/cli/event_writer.hpp"
#include "common/cli/guard.hpp"
#include "common/store/directory.hpp"
#include "patient/own_keys.hpp"
#include "patient/records/records.hpp"

namespace wardline::patient {

std::string change_passphrase(const config& settings, const std::filesystem::path& directory,
                              crypto::random_source& random,
                              const crypto::passphrase_box::cost& cost) {
  const store::directory_lock lock(directory, program_name);
  const auto sealed = at_rest::unlock_if_sealed(directory, settings.passphrase);
  if (settings.remove && !sealed) {
    throw failure("there is no passphrase to remove: the keys lie in the clear already");
  }
  // Makes them, or opens everything: a passphrase is not set over somebody else's keys.
  const own_keys keys(directory, settings.id, random, sealed.get());
  const records kept(directory, settings.id, random, sealed.get());

  if (settings.remove) {
    at_rest::lay_open_keys(directory, *sealed);
    return "removed";
  }
  const auto fresh = at_rest::new_passphrase(settings.passphrase, !sealed);
  if (sealed) {
    at_rest::seal_keys(directory, *sealed, as_bytes(settings.id), fresh.view(), cost, random);
    return "changed";
  }
  at_rest::seal_keys(directory, at_rest::keys_in_the_clear(directory), as_bytes(settings.id),
                     fresh.view(), cost, random);
  return "set";
}

int run_passwd(const config& settings, const std::filesystem::path& directory,
               crypto::random_source& random) {
  const auto what = change_passphrase(settings, directory, random);
  if (settings.json)
    std::cout << cli::json_line(nlohmann::ordered_json{{"passphrase", what}}) << '\n';
  else
    std::cout << "passphrase: " << what << '\n';
  std::cout.flush();
  return std::cout.good() ? cli::done : cli::failed;
}

}  // namespace wardline::patient
