#include "doctor/audit_options.hpp"

#include <CLI/CLI.hpp>

#include "common/cli/guard.hpp"
#include "common/crypto/identity.hpp"
#include "doctor/audit/known_head.hpp"
#include "doctor/audit/since.hpp"

namespace wardline::doctor {

audit_command_options::audit_command_options(CLI::App& app,
                                             const std::function<void(CLI::App&)>& add_common)
    : list_(app.add_subcommand("audit",
                               "List what happened and who did it (works without the gateway)")),
      verify_(list_->add_subcommand("verify", "Look whether anybody has altered the audit log")),
      write_(list_->add_subcommand("export", "Write all of it to a file for somebody else")) {
  for (auto* command : {list_, verify_, write_}) add_common(*command);
  list_->require_subcommand(0, 1);
  list_->add_option("--since", out_.since, "Not what is older: 2h, 7d, 2026-11-21T14:30")
      ->type_name("TIME|DURATION");
  list_->add_option("--patient", out_.patient, "Only what this patient did or was done to")
      ->type_name("PATIENT");
  list_->add_option("--event", out_.event, "Only what has this name, such as sign_in_failed")
      ->type_name("NAME");
  list_->add_option("--limit", limit_, "The newest N of them only")
      ->type_name("N")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1} << 62U));
  list_->add_flag("--csv", out_.csv, "Print comma-separated values");

  verify_->add_option("--file", out_.file, "An export instead of this doctor's log (needs no --id)")
      ->type_name("FILE");
  verify_->add_option("--fingerprint", out_.fingerprint, "Whose export it has to be")
      ->type_name("F");
  verify_->add_option("--known", out_.known, "A record that an earlier verification ended with")
      ->type_name("NUMBER:HASH");
  write_->add_option("FILE", out_.file, "A file that does not exist yet, or - for standard output")
      ->required();
}

std::optional<audit_options> audit_command_options::given(bool json) const {
  using cli::usage_error;
  if (!list_->parsed()) return std::nullopt;
  auto out = out_;
  out.what = verify_->parsed()  ? audit_options::act::verify
             : write_->parsed() ? audit_options::act::write
                                : audit_options::act::list;
  if (out.what != audit_options::act::list) {
    for (const char* of_lists : {"--since", "--patient", "--event", "--limit", "--csv"}) {
      if (list_->count(of_lists) > 0) {
        throw usage_error(std::string(of_lists) + " is for lists only");
      }
    }
  }
  if (limit_ != 0) out.limit = limit_;
  if (out.csv && json) throw usage_error("either --json or --csv");
  if (!out.since.empty()) {
    try {
      audit::since_from(out.since, 0);
    } catch (const failure& f) {
      throw usage_error(std::string("--since: ") + f.what(), f.hint());
    }
  }
  if (!out.patient.empty() && !crypto::is_valid_id(out.patient)) {
    throw usage_error("that is not a patient's id", "an id is 1 to 64 letters, digits or . _ @ -");
  }
  if (!out.fingerprint.empty() && !crypto::is_fingerprint_text(out.fingerprint)) {
    throw usage_error("that is not a fingerprint",
                      "it is 60 digits, in quotes if there are spaces, or 64 hexadecimal digits");
  }
  if (!out.fingerprint.empty() && out.file.empty()) {
    throw usage_error("--fingerprint is for an export", "name it with --file");
  }
  if (!out.known.empty() && !audit::known_head(out.known)) {
    throw usage_error("--known takes NUMBER:HASH, as 'audit verify' prints it");
  }
  return out;
}

}  // namespace wardline::doctor
