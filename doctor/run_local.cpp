#include "doctor/run_local.hpp"

#include <cstdio>
#include <unistd.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/cli/event_writer.hpp"
#include "common/cli/guard.hpp"
#include "common/cli/person.hpp"
#include "common/cli/time_text.hpp"
#include "common/util/text_encoding.hpp"
#include "doctor/backup/backup.hpp"
#include "doctor/backup/restore.hpp"
#include "doctor/invite_qr.hpp"
#include "doctor/keys/passwd.hpp"
#include "doctor/setup/set_up.hpp"

namespace wardline::doctor {
namespace {

using json = nlohmann::ordered_json;

void note(const std::string& text) {
  fmt::print(stderr, "doctor: note: {}\n", printable(text));
  std::fflush(stderr);
}

struct executor {
  const command_line& line;
  const clock& time;
  crypto::random_source& random;

  json operator()(const passwd_command& c) const {
    auto out = change_passphrase(line, c, time, random);
    if (c.remove) note("the keys lie in the clear: whoever can read them or a copy can be you");
    return out;
  }
  json operator()(const backup_command& c) const {
    auto out = make_backup(line, c, time, random);
    if (out.at("keys") != "sealed")
      note(
          "the backup holds the keys in the clear: whoever reads it can be this doctor and read "
          "what is kept ('doctor passwd' seals them)");
    return out;
  }
  json operator()(const restore_command& c) const {
    auto out = restore_backup(line, c, time, random);
    note(
        fmt::format("this is how everything was at {}. What came later is lost: enrol again who "
                    "was enrolled since, and repeat each revocation and block. Invites that were "
                    "open do not work any more.",
                    cli::utc_text(out.at("made").get<unix_ms>())));
    if (out.at("audit") != "whole")
      note("the audit log in it is not whole: " + out.at("audit").get<std::string>());
    return out;
  }
  json operator()(const setup_command& c) const {
    cli::person_at_terminal person;
    const bool may_ask = line.passphrase.may_ask && ::isatty(STDIN_FILENO) == 1;
    return set_up(line, c, may_ask ? &person : nullptr, time, random);
  }
};

std::string text_of(const std::string& name, const json& value) {
  if (name == "made") return cli::utc_text(value.get<unix_ms>());
  return value.is_string() ? printable(value.get<std::string>()) : value.dump();
}

}  // namespace

int run_local(const command_line& line, const clock& time, crypto::random_source& random) {
  const auto result = std::visit(executor{line, time, random}, line.local.value());
  std::string text;
  if (line.json) {
    text = cli::json_line(result) + "\n";
  } else if (std::holds_alternative<setup_command>(*line.local)) {
    const bool is_terminal = ::isatty(STDOUT_FILENO) == 1;
    text = setup_text(result, is_terminal ? invite_qr(result.at("invite"), STDOUT_FILENO) : "");
  } else {
    for (const auto& [name, value] : result.items())
      text += fmt::format("{}: {}\n", name, text_of(name, value));
  }
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0)
    throw failure("cannot write to standard output");
  return cli::done;
}

}  // namespace wardline::doctor
