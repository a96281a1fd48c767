#include "doctor/setup/set_up.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/cli/paths.hpp"
#include "common/store/directory.hpp"
#include "doctor/identity_file.hpp"
#include "doctor/keys/passwd.hpp"
#include "doctor/last_address.hpp"
#include "doctor/offline.hpp"
#include "doctor/setup/interview.hpp"

namespace wardline::doctor {
namespace {

using json = nlohmann::ordered_json;

void require_new(const config& s) {
  if (!group_of_identity(s.data_directory)) return;
  throw failure(fmt::format("{} is set up already, in {}", s.id, s.data_directory.string()),
                fmt::format("doctor --id {0} starts the gateway; doctor invite PATIENT --id {0} "
                            "--qr invites a patient.",
                            s.id));
}

/// Identity, records and the invite, by the ways that exist.
json make_everything(command_line& line, const setup_answers& answers, seconds valid_for,
                     const clock& time, crypto::random_source& random) {
  const auto& directory = line.settings.data_directory;
  const store::directory_lock lock(directory, "doctor");
  require_new(line.settings);
  keep_last_address(directory, net::address_text(answers.reached_at));
  line.request = control::identity_request{};
  auto out = answer_offline(line, time, random);
  line.request = control::invite_request{answers.patient, valid_for, {}};
  out.update(answer_offline(line, time, random));
  return out;
}

void protect(const command_line& line, const secret_bytes& passphrase, const clock& time,
             crypto::random_source& random, const crypto::passphrase_box::cost& cost) try {
  set_passphrase(line, passphrase, time, random, cost);
} catch (const failure& why) {
  throw failure(
      fmt::format("{} is made, but without a passphrase: {}", line.settings.id, why.what()),
      fmt::format("doctor passwd --id {0} sets one; then doctor invite PATIENT --id {0} "
                  "--qr invites a patient.",
                  line.settings.id));
}

}  // namespace

json set_up(const command_line& given, const setup_command& what, cli::person* person,
            const clock& time, crypto::random_source& random,
            const crypto::passphrase_box::cost& cost) {
  auto line = given;
  auto& s = line.settings;
  const auto answers = interview(s.id, what, person, [&s](const std::string& id) {
    s.id = id;
    if (s.data_directory.empty()) s.data_directory = cli::default_data_directory("doctor", id);
    // Now, and not when the person has answered everything.
    store::private_directory(s.data_directory);
    require_new(s);
  });
  std::optional<secret_bytes> passphrase;
  if (answers.passphrase) passphrase = at_rest::new_passphrase(line.passphrase, true);

  auto out = make_everything(line, answers, what.valid_for, time, random);
  if (passphrase) protect(line, *passphrase, time, random, cost);
  out["address"] = net::address_text(answers.reached_at);
  out["passphrase"] = passphrase ? "set" : "none";
  out["data_directory"] = s.data_directory.string();
  return out;
}

}  // namespace wardline::doctor
