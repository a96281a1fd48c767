#include "doctor/audit/export.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "common/store/posix.hpp"
#include "common/util/text_encoding.hpp"
#include "doctor/audit/export_lines.hpp"
#include "doctor/audit/names.hpp"
#include "doctor/audit/record_json.hpp"

namespace wardline::doctor::audit {
namespace {

constexpr std::size_t written_at_once = 65'536;

/// Calls `take` for each line with its number.
template <class Take>
void each_line(const std::filesystem::path& file, Take take) {
  line_file in(file);
  std::string line;
  for (std::uint64_t number = 1; in.next(line); ++number) take(number, line);
}

}  // namespace

void write_export(log& from, const crypto::identity& doctor, std::uint64_t last,
                  const std::function<void(std::string_view)>& out) {
  out(export_header(doctor) + '\n');
  from.lines(last, [&](const record&, const std::string& lines) { out(lines); });
}

void write_export_file(log& from, const crypto::identity& doctor, std::uint64_t last,
                       const std::filesystem::path& file) {
  const store::posix::temporary_file to(file);
  std::string pending;
  const auto flush = [&] {
    store::posix::write_all(to.get(), as_bytes(pending), to.name());
    pending.clear();
  };
  write_export(from, doctor, last, [&](std::string_view lines) {
    pending += lines;
    if (pending.size() >= written_at_once) flush();
  });
  flush();
  store::posix::sync(to.get(), to.name());
  // Unlike a rename, this replaces nothing.
  if (::link(to.name().c_str(), file.c_str()) != 0) store::posix::raise(errno, "cannot make", file);
  store::posix::sync_directory(store::posix::directory_of(file));
}

export_verdict verify_export(const std::filesystem::path& file, const std::optional<head>& known) {
  std::optional<crypto::identity> doctor;
  std::vector<checkpoint> checkpoints;
  each_line(file, [&](std::uint64_t number, const std::string& line) {
    if (number == 1) doctor = doctor_of_header(line);
    if (number > 1 && doctor) {
      if (auto c = checkpoint_of_line(line)) checkpoints.push_back(std::move(*c));
    }
  });
  if (!doctor) {
    throw failure(file.string() + " does not begin as an export of an audit log does",
                  "'doctor audit export FILE' makes one");
  }

  export_verdict out{std::move(*doctor), {}};
  verifier v(out.doctor, checkpoints);
  if (known) v.expect(*known);
  std::vector<finding> strange;
  std::string last_event;
  std::size_t checkpoint_at = 0;
  each_line(file, [&](std::uint64_t number, const std::string& line) {
    if (number == 1) return;
    if (const auto r = record_of_line(line)) {
      v.add(*r);
      last_event = r->what.event;
      return;
    }
    // Where it stands is not signed; it is held to one place all the same.
    const bool is_next = checkpoint_at < checkpoints.size() && checkpoint_of_line(line) &&
                         checkpoints[checkpoint_at].number == v.last().number;
    if (is_next) {
      ++checkpoint_at;
    } else if (strange.size() < verifier::max_findings) {
      strange.push_back({v.last().number + 1, "line " + std::to_string(number) +
                                                  " of the file is not what an export has there"});
      if (checkpoint_of_line(line)) ++checkpoint_at;
    }
  });
  v.end(std::nullopt);
  auto& result = out.result;
  result.last = v.last();
  result.checkpoints = checkpoints.size();
  result.signed_up_to = v.signed_up_to();
  result.findings = v.findings();
  result.findings.insert(result.findings.end(), strange.begin(), strange.end());
  if (last_event != event::audit_exported || result.signed_up_to != result.last.number) {
    result.findings.push_back(
        {result.last.number + 1, "the export was cut off here: it does not end as one does"});
  }
  return out;
}

}  // namespace wardline::doctor::audit
