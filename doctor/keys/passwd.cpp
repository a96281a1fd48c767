#include "doctor/keys/passwd.hpp"

#include <functional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/at_rest/passphrase.hpp"
#include "common/store/directory.hpp"
#include "common/util/text_encoding.hpp"
#include "doctor/audit/configuration.hpp"
#include "doctor/audit/names.hpp"
#include "doctor/identity_file.hpp"
#include "doctor/records/records.hpp"

namespace wardline::doctor {
namespace {

/// The record comes first: what cannot be recorded does not happen. What fails afterwards leaves a
/// second one.
void audited(records& kept, const clock& time, audit::entry what,
             const std::function<void()>& change) {
  const auto record = [&] {
    kept.audit.append(time.now(), what);
    kept.audit.mirror_on();
  };
  record();
  try {
    change();
  } catch (const std::exception& e) {
    what.result = "failed";
    what.reason = e.what();
    record();
    throw;
  }
}

audit::entry entry_of(const char* before, const char* after) {
  audit::entry out;
  out.actor = audit::actor::the_operator;
  out.event = audit::event::passphrase;
  out.before = before;
  out.after = after;
  return out;
}

/// `is_first`: there is none in force.
using make_passphrase = std::function<secret_bytes(bool is_first)>;

nlohmann::ordered_json change(const command_line& line, bool remove, const make_passphrase& fresh,
                              const clock& time, crypto::random_source& random,
                              const crypto::passphrase_box::cost& cost) {
  const auto& s = line.settings;
  const auto& directory = s.data_directory;
  store::private_directory(directory);
  const store::directory_lock lock(directory, "doctor");
  check_identity(directory, s.id, s.group);
  const auto sealed = at_rest::unlock_if_sealed(directory, line.passphrase);
  if (remove && !sealed) {
    throw failure("there is no passphrase to remove: the keys lie in the clear already");
  }
  // Opens everything, so that a passphrase is never set over keys that are not these records'.
  const auto self =
      open_identity(directory, s.id, s.group, crypto::group_id::ffdhe3072, random, sealed.get());
  records kept(directory, random, sealed.get());
  kept.audit.begin(
      self, random, directory / audit::mirror_name, time.now(),
      [](const std::string& note) { fmt::print(stderr, "doctor: note: {}\n", printable(note)); });

  if (remove) {
    audited(kept, time, entry_of("set", "none"),
            [&] { at_rest::lay_open_keys(directory, *sealed); });
    return {{"passphrase", "removed"}};
  }
  const auto passphrase = fresh(!sealed);
  const auto in_the_clear =
      sealed ? nullptr
             : std::make_unique<at_rest::unlocked_keys>(at_rest::keys_in_the_clear(directory));
  audited(kept, time, entry_of(sealed ? "set" : "none", sealed ? "changed" : "set"), [&] {
    at_rest::seal_keys(directory, sealed ? *sealed : *in_the_clear, self.own_fingerprint().view(),
                       passphrase.view(), cost, random);
  });
  return {{"passphrase", sealed ? "changed" : "set"}};
}

}  // namespace

nlohmann::ordered_json change_passphrase(const command_line& line, const passwd_command& what,
                                         const clock& time, crypto::random_source& random,
                                         const crypto::passphrase_box::cost& cost) {
  const auto ask = [&line](bool is_first) {
    return at_rest::new_passphrase(line.passphrase, is_first);
  };
  return change(line, what.remove, ask, time, random, cost);
}

void set_passphrase(const command_line& line, const secret_bytes& passphrase, const clock& time,
                    crypto::random_source& random, const crypto::passphrase_box::cost& cost) {
  const auto given = [&passphrase](bool) { return secret_bytes(passphrase.view()); };
  change(line, false, given, time, random, cost);
}

}  // namespace wardline::doctor
