// The audit log as somebody else holds it: lines that are read have one form only, and a log or an
// export that was altered, cut, or put in another order is never found right.
#include <vector>

#include "common/crypto/labels.hpp"
#include "doctor/audit/export.hpp"
#include "doctor/audit/export_lines.hpp"
#include "doctor/audit/names.hpp"
#include "doctor/audit/record_json.hpp"
#include "doctor/audit/verify.hpp"
#include "tests/fuzz/support/fixed_random.hpp"
#include "tests/fuzz/support/input.hpp"
#include "tests/fuzz/support/scratch.hpp"

using namespace wardline;
using namespace wardline::doctor;
using fuzz::must;

namespace {

/// A short log with two signed checkpoints, the last at its end.
struct honest_log {
  crypto::own_identity self{{}, crypto::role::doctor, crypto::group_id::ristretto255, "dr"};
  std::vector<audit::record> records;
  std::vector<audit::checkpoint> checkpoints;
  std::vector<std::string> lines;

  honest_log() {
    fuzz::fixed_random random;
    lines.push_back(audit::export_header(self.public_part()));
    audit::head last;
    for (std::uint64_t i = 1; i <= 6; ++i) {
      audit::entry what{"operator", std::string(audit::event::message_accepted), "p1"};
      what.detail = "n=" + std::to_string(i);
      if (i == 6) what.event = audit::event::audit_exported;
      last = {i, audit::link(last.hash, i, 1000 + i, what)};
      records.push_back({i, 1000 + i, what, last.hash});
      lines.push_back(audit::to_line(records.back()));
      if (i % 3 != 0) continue;
      checkpoints.push_back(
          {i, last.hash, 2000 + i,
           self.sign(crypto::label::audit_checkpoint,
                     {big_endian<8>(i), last.hash.view(), big_endian<8>(2000 + i)}, random)});
      lines.push_back(audit::to_line(checkpoints.back()));
    }
  }
};

const honest_log& honest() {
  static const honest_log log;
  return log;
}

void line(const std::string& text) {
  if (const auto r = audit::record_of_line(text))
    must(audit::to_line(*r) == text, "a record has one line");
  if (const auto c = audit::checkpoint_of_line(text))
    must(audit::to_line(*c) == text, "a checkpoint has one line");
  if (const auto d = audit::doctor_of_header(text))
    must(audit::export_header(*d) == text, "an export has one header");
}

/// Some of them taken out, doubled or put elsewhere.
template <class T>
void shuffle(std::vector<T>& of, fuzz::input& in) {
  for (auto changes = in.below(4); changes > 0 && !of.empty(); --changes) {
    const auto from = of.begin() + static_cast<std::ptrdiff_t>(in.below(of.size()));
    const auto to = of.begin() + static_cast<std::ptrdiff_t>(in.below(of.size()));
    switch (in.below(4)) {
      case 0:
        of.erase(from);
        break;
      case 1:
        std::iter_swap(from, to);
        break;
      case 2:
        of.insert(to, T(*from));
        break;
      default:
        of.erase(from, of.end());
        break;
    }
  }
}

void change(std::string& text, fuzz::input& in) {
  const auto to = fuzz::mutated(to_bytes(as_bytes(text)), in);
  text = as_text(to);
}

void log(fuzz::input& in) {
  auto records = honest().records;
  shuffle(records, in);
  if (!records.empty() && in.number() % 2 == 1) {
    auto& r = records[in.below(records.size())];
    std::string audit::entry::*const texts[] = {
        &audit::entry::actor,  &audit::entry::event,  &audit::entry::whom,
        &audit::entry::source, &audit::entry::before, &audit::entry::after,
        &audit::entry::result, &audit::entry::reason, &audit::entry::detail};
    const auto what = in.below(11);
    if (what < 9) change(r.what.*texts[what], in);
    if (what == 9) r.time += in.wide();
    if (what == 10) r.number += in.wide();
    // Whoever alters a record can calculate its hash anew, and all that follow from it.
    if (in.number() % 2 == 1) {
      auto before = &r == records.data() ? crypto::digest{} : (&r - 1)->hash;
      for (auto* next = &r; next != records.data() + records.size(); ++next) {
        next->hash = audit::link(before, next->number, next->time, next->what);
        before = next->hash;
      }
    }
  }
  // The doctor's signatures, all of them, or the head that was kept elsewhere: either finds it.
  auto checkpoints = honest().checkpoints;
  std::optional<audit::head> kept;
  if (in.number() % 2 == 0) {
    shuffle(checkpoints, in);
    kept = audit::head{honest().records.back().number, honest().records.back().hash};
  }
  const auto findings = audit::verify(honest().self.public_part(), records, checkpoints, kept);
  if (records == honest().records && checkpoints == honest().checkpoints)
    return must(findings.empty(), "an honest log is found right");
  must(records == honest().records || !findings.empty(), "a log that was altered is found out");
}

void exported(fuzz::input& in) {
  auto lines = honest().lines;
  const auto strip = in.number() % 4 == 3;  // the last line feed
  shuffle(lines, in);
  if (!lines.empty() && in.number() % 2 == 1) change(lines[in.below(lines.size())], in);
  const auto joined = [](const std::vector<std::string>& all) {
    std::string text;
    for (const auto& l : all) text += l + '\n';
    return text;
  };
  auto text = joined(lines);
  if (strip && !text.empty()) text.pop_back();
  const auto file = fuzz::scratch() / "export";
  fuzz::write_file(file, as_bytes(text));
  try {
    const auto found = audit::verify_export(file);
    const bool is_ours = found.doctor == honest().self.public_part();
    if (text == joined(honest().lines))
      return must(is_ours && found.result.findings.empty(), "an honest export is found right");
    if (!is_ours || !found.result.findings.empty()) return;
    // What is not signed: which of the checkpoints below the last one it has.
    std::vector<std::string> rest = honest().lines;
    std::erase(rest, audit::to_line(honest().checkpoints.front()));
    must(text == joined(rest), "an export that was altered is found out");
  } catch (const failure& why) {
    must(*why.what() != '\0' && text != joined(honest().lines), "what is wrong is told in words");
  }
}

}  // namespace

WARDLINE_FUZZ_TARGET(in) {
  switch (in.below(4)) {
    case 0:
      return line(std::string(as_text(in.rest())));
    case 1:
      return log(in);
    case 2:
      return exported(in);
    default: {
      std::string text = honest().lines[in.below(honest().lines.size())];
      change(text, in);
      return line(text);
    }
  }
}
