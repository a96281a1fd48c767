#include "doctor/run_audit.hpp"

#include <cstdio>
#include <unistd.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/cli/event_writer.hpp"
#include "common/cli/guard.hpp"
#include "common/cli/table.hpp"
#include "common/util/text_encoding.hpp"
#include "doctor/audit/configuration.hpp"
#include "doctor/audit/export.hpp"
#include "doctor/audit/known_head.hpp"
#include "doctor/audit/listing.hpp"
#include "doctor/audit/record_json.hpp"
#include "doctor/audit/since.hpp"
#include "doctor/audit_keeper.hpp"

namespace wardline::doctor {
namespace {

using json = nlohmann::ordered_json;

/// Buffered by stdio; it throws as soon as nobody takes it any more.
void print(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size())
    throw failure("cannot write to standard output");
}

void finish_printing() {
  if (std::fflush(stdout) != 0) throw failure("cannot write to standard output");
}

void note(const std::string& what) { fmt::print(stderr, "doctor: note: {}\n", printable(what)); }

void list(audit_keeper& keeper, const audit_options& o, bool as_json, unix_ms now) {
  audit::filter which;
  which.since = o.since.empty() ? 0 : audit::since_from(o.since, now);
  which.patient = o.patient;
  which.event = o.event;
  which.limit = o.limit;
  which.before = keeper.record(control::audit_read_request{which.since, o.patient, o.event});

  const std::size_t width = ::isatty(STDOUT_FILENO) == 1 ? cli::terminal_width() : 0;
  const auto out = as_json ? audit::json_listing(print)
                   : o.csv ? audit::csv_listing(print)
                           : audit::text_listing(print, width);
  keeper.log().find(which, [&out](const audit::record& r) { out->add(r); });
  out->end();
}

void write(audit_keeper& keeper, const audit_options& o, bool as_json) {
  const bool to_output = o.file == "-";
  const auto file = to_output ? o.file : std::filesystem::absolute(o.file);
  const auto name = to_output ? "-" : printable(file.string());
  std::error_code ignored;
  if (!to_output && std::filesystem::exists(std::filesystem::symlink_status(file, ignored))) {
    keeper.record(control::audit_export_request{name, "the file exists already"});
    throw failure(name + " exists already", "an export replaces nothing: name another");
  }
  const auto last = keeper.record(control::audit_export_request{name});
  if (to_output) return audit::write_export(keeper.log(), keeper.doctor(), last, print);
  audit::write_export_file(keeper.log(), keeper.doctor(), last, file);
  print(as_json ? cli::json_line({{"file", name}, {"records", last}}) + "\n"
                : fmt::format("{}: {} records\n", name, last));
}

std::string words(const audit::verdict& v, const crypto::identity& doctor, bool has_mirror) {
  const auto key = crypto::to_digits(crypto::fingerprint_of(doctor));
  const auto whose = fmt::format("doctor: {}, fingerprint {}\n", doctor.id, key);
  if (!v.findings.empty()) {
    std::string out = fmt::format("NOT VERIFIED: {} finding{}\n", v.findings.size(),
                                  v.findings.size() == 1 ? "" : "s");
    for (const auto& f : v.findings)
      out += fmt::format("record {}: {}\n", f.number, printable(f.what));
    return out + whose;
  }
  std::string out =
      fmt::format("verified: {} records, signed up to record {}\n", v.last.number, v.signed_up_to);
  if (has_mirror) out += fmt::format("the mirror agrees up to record {}\n", v.mirrored_up_to);
  return out + whose + "last record: " + audit::to_text(v.last) + "\n";
}

int tell(const audit::verdict& v, const crypto::identity& doctor, bool has_mirror, bool as_json) {
  if (as_json) {
    auto out = audit::to_json(v);
    out["doctor"] = doctor.id;
    out["fingerprint"] = crypto::to_digits(crypto::fingerprint_of(doctor));
    print(cli::json_line(out) + "\n");
  } else {
    print(words(v, doctor, has_mirror));
  }
  return v.findings.empty() ? cli::done : cli::failed;
}

int verify(audit_keeper& keeper, const audit_options& o, const std::filesystem::path& directory,
           bool as_json) {
  const auto known = audit::known_head(o.known);
  const auto v = keeper.log().verify(keeper.doctor(), directory / audit::mirror_name, known);
  const auto first = v.findings.empty() ? 0 : v.findings.front().number;
  std::string not_recorded;
  try {
    keeper.record(control::audit_verified_request{v.last.number, v.findings.size(), first});
  } catch (const failure& why) {
    // A log that takes no record any more is what a verification is for.
    not_recorded = why.what();
  }
  const int status = tell(v, keeper.doctor(), true, as_json);
  if (not_recorded.empty()) return status;
  note("this verification could not be recorded: " + not_recorded);
  return cli::failed;
}

int verify_file(const audit_options& o, const std::string& id, bool as_json) {
  const auto found = audit::verify_export(o.file, audit::known_head(o.known));
  const auto& doctor = found.doctor;
  if ((!id.empty() && id != doctor.id) ||
      (!o.fingerprint.empty() && !crypto::shows(o.fingerprint, crypto::fingerprint_of(doctor)))) {
    throw failure(fmt::format("{} is of another doctor: {}, fingerprint {}", o.file.string(),
                              doctor.id, crypto::to_digits(crypto::fingerprint_of(doctor))));
  }
  const int status = tell(found.result, doctor, false, as_json);
  if (o.fingerprint.empty() && status == cli::done)
    note(
        "compare the fingerprint with the doctor's: anybody can make an export of a key of theirs "
        "(--fingerprint does it)");
  return status;
}

}  // namespace

int run_audit(const command_line& line, const clock& time, crypto::random_source& random) {
  const auto& o = line.audit.value();
  int status = cli::done;
  if (o.what == audit_options::act::verify && !o.file.empty()) {
    status = verify_file(o, line.settings.id, line.json);
  } else {
    const auto keeper = open_audit(line, time, random);
    switch (o.what) {
      case audit_options::act::list:
        list(*keeper, o, line.json, time.now());
        break;
      case audit_options::act::verify:
        status = verify(*keeper, o, line.settings.data_directory, line.json);
        break;
      case audit_options::act::write:
        write(*keeper, o, line.json);
        break;
    }
  }
  finish_printing();
  return status;
}

}  // namespace wardline::doctor
