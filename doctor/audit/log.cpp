#include "doctor/audit/log.hpp"

#include <utility>

#include "common/crypto/labels.hpp"
#include "common/util/text_encoding.hpp"
#include "doctor/audit/names.hpp"
#include "doctor/audit/record_json.hpp"
#include "doctor/records/columns.hpp"

namespace wardline::doctor::audit {
namespace {

// A text may come from far away (an errno's words, an address); none needs more.
constexpr std::size_t max_text = 1'024;

// Beyond it (checkpoints that somebody removed) the mirror is compared from its beginning.
constexpr std::uint64_t most_after_checkpoint = std::uint64_t{64} << 20U;

// A character is not cut in two: what is in the log must come out of its JSON as it went in.
std::string kept_text(const std::string& text) {
  auto out = printable(text);
  if (out.size() <= max_text) return out;
  std::size_t end = max_text;
  while (end > 0 && (static_cast<unsigned char>(out[end]) & 0xc0U) == 0x80U) --end;
  out.resize(end);
  return out;
}

record read_record(const store::row& r) {
  return {r.get<std::uint64_t>(0),
          r.get<unix_ms>(1),
          {r.get<std::string>(2), r.get<std::string>(3), r.get<std::string>(4),
           r.get<std::string>(5), r.get<std::string>(6), r.get<std::string>(7),
           r.get<std::string>(8), r.get<std::string>(9), r.get<std::string>(10)},
          r.get<crypto::digest>(11)};
}

checkpoint read_checkpoint(const store::row& r) {
  return {r.get<std::uint64_t>(0), r.get<crypto::digest>(1), r.get<unix_ms>(2), r.get<bytes>(3)};
}

#define WARDLINE_AUDIT_COLUMNS \
  "number, time, actor, event, whom, source, before, after, result, reason, detail, hash"
#define WARDLINE_AUDIT_FILTER                                                           \
  " FROM audit WHERE time >= ?1 AND (?2 = '' OR whom = ?2 OR actor = 'patient:' || ?2)" \
  " AND (?3 = '' OR event = ?3) AND number < ?4"

}  // namespace

log::log(store::database& db)
    : db_(db),
      append_(db.prepare("INSERT INTO audit(" WARDLINE_AUDIT_COLUMNS
                         ") VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")),
      head_(db.prepare("SELECT audit_number, audit_hash FROM gateway")),
      keep_head_(db.prepare("UPDATE gateway SET audit_number = ?, audit_hash = ?")),
      find_(db.prepare("SELECT " WARDLINE_AUDIT_COLUMNS WARDLINE_AUDIT_FILTER
                       " AND number >= ?5 ORDER BY number")),
      first_of_(db.prepare("SELECT min(number) FROM (SELECT number" WARDLINE_AUDIT_FILTER
                           " ORDER BY number DESC LIMIT ?5)")),
      records_(db.prepare("SELECT " WARDLINE_AUDIT_COLUMNS
                          " FROM audit WHERE number > ? ORDER BY number")),
      checkpoint_(db.prepare("SELECT number, hash, time, signature FROM audit_checkpoints"
                             " WHERE number = ?")),
      keep_checkpoint_(db.prepare("INSERT INTO audit_checkpoints(number, hash, time, signature)"
                                  " VALUES(?, ?, ?, ?) ON CONFLICT(number) DO NOTHING")),
      last_checkpoint_(db.prepare("SELECT max(number) FROM audit_checkpoints")),
      checkpoints_(db.prepare("SELECT number, hash, time, signature FROM audit_checkpoints"
                              " ORDER BY number")) {}

#undef WARDLINE_AUDIT_COLUMNS
#undef WARDLINE_AUDIT_FILTER

head log::last() {
  return head_
      .first([](const store::row& r) {
        return head{r.get<std::uint64_t>(0), r.get<crypto::digest>(1)};
      })
      .value_or(head{});
}

void log::append(unix_ms now, const entry& what) {
  store::transaction whole(db_);
  const auto before = last();
  record next{before.number + 1, static_cast<unix_ms>(column::clamped(now)), what, {}};
  auto& e = next.what;
  for (auto* text : {&e.actor, &e.event, &e.whom, &e.source, &e.before, &e.after, &e.result,
                     &e.reason, &e.detail}) {
    *text = kept_text(*text);
  }
  next.hash = link(before.hash, next.number, next.time, e);
  append_
      .bind(next.number, next.time, e.actor, e.event, e.whom, e.source, e.before, e.after, e.result,
            e.reason, e.detail, next.hash)
      .run();
  keep_head_.bind(next.number, next.hash).run();
  if (self_ != nullptr && needs_checkpoint(next)) {
    const auto number = big_endian<8>(next.number);
    const auto time = big_endian<8>(next.time);
    keep_checkpoint_
        .bind(next.number, next.hash, next.time,
              self_->sign(crypto::label::audit_checkpoint, {number, next.hash.view(), time},
                          *random_))
        .run();
  }
  whole.commit();
}

void log::begin(const crypto::own_identity& self, crypto::random_source& random,
                const std::filesystem::path& mirror_file, unix_ms now,
                std::function<void(const std::string&)> on_trouble) {
  self_ = &self;
  random_ = &random;
  on_trouble_ = std::move(on_trouble);
  mirror_.emplace(mirror_file, mirror::mode::make_or_open);
  const auto skipped = skip_what_is_signed(*mirror_);
  if (!compare(*mirror_, mirrored_, skipped)) {
    // What it was is evidence: it is kept.
    const auto kept = mirror_file.string() + ".differs-" + std::to_string(now);
    std::filesystem::rename(mirror_file, kept);
    const auto at = std::to_string(mirrored_ + 1);
    mirrored_ = 0;
    mirror_.emplace(mirror_file, mirror::mode::make_or_open);
    append(now, {std::string(actor::gateway), std::string(event::mirror_differs),
                 mirror_file.filename().string(), "", "", "", "found", "",
                 "number=" + at + " kept=" + kept});
    on_trouble_("the mirror of the audit log differs from the database from record " + at +
                " on; it was kept as " + kept);
  }
  mirror_on();
}

void log::each(std::uint64_t after,
               const std::function<void(const record&, const std::string&)>& take) {
  records_.bind(after).each([&](const store::row& row) {
    const auto r = read_record(row);
    auto lines = to_line(r) + '\n';
    if (const auto c = checkpoint_.bind(r.number).first(read_checkpoint))
      lines += to_line(*c) + '\n';
    take(r, lines);
  });
}

// Up to the last record with a checkpoint, if the mirror has it where it should be: its number.
std::uint64_t log::skip_what_is_signed(mirror& in) {
  const auto number =
      last_checkpoint_
          .first([](const store::row& r) { return r.get<std::optional<std::uint64_t>>(0); })
          .value_or(std::nullopt)
          .value_or(0);
  if (number < 2) return 0;
  std::string of_it;
  std::uint64_t size = 1;  // the line feed before
  each(number - 1, [&](const record& r, const std::string& lines) {
    if (r.number == number) of_it = lines;
    size += lines.size();
  });
  const bool is_there = !of_it.empty() && size <= most_after_checkpoint && in.skip_to(of_it, size);
  return is_there ? number - 1 : 0;
}

// False if something is there that the database does not say, from behind record `from`, at which
// the mirror stands. `same` is the last record that both have.
bool log::compare(mirror& with, std::uint64_t& same, std::uint64_t from) {
  same = from;
  bool at_end = false;
  each(from, [&](const record& r, const std::string& lines) {
    if (at_end) return;
    at_end = !with.goes_on_with(lines);
    if (!at_end) same = r.number;
  });
  return !with.differs() && (at_end || !with.has_more());
}

void log::mirror_on() noexcept {
  if (!mirror_ || db_.in_transaction()) return;
  try {
    each(mirrored_, [this](const record& r, const std::string& lines) {
      mirror_->add(lines);
      mirrored_ = r.number;
    });
    last_trouble_.clear();
  } catch (const std::exception& e) {
    if (last_trouble_ == e.what()) return;
    last_trouble_ = e.what();
    on_trouble_(std::string("the mirror of the audit log waits: ") + e.what());
  }
}

void log::find(const filter& which, const std::function<void(const record&)>& take) {
  const auto since = column::clamped(which.since);
  const auto before = column::clamped(which.before);
  std::uint64_t first = 0;
  if (which.limit) {
    first_of_.bind(since, which.patient, which.event, before, column::clamped(*which.limit))
        .each([&](const store::row& r) {
          first = r.get<std::optional<std::uint64_t>>(0).value_or(which.before);
        });
  }
  find_.bind(since, which.patient, which.event, before, column::clamped(first))
      .each([&](const store::row& r) { take(read_record(r)); });
}

verdict log::verify(const crypto::identity& doctor, const std::filesystem::path& mirror_file,
                    const std::optional<head>& known) {
  verdict out;
  // The mirror first, as long as it is now: what is in it has been committed, and so the snapshot
  // has it, while a gateway that runs adds to both.
  std::optional<mirror> found;
  if (std::filesystem::exists(mirror_file)) found.emplace(mirror_file, mirror::mode::open);
  try {
    const store::snapshot as_it_is(db_);
    verify_records(doctor, known, out);
    if (out.findings.empty()) verify_mirror(mirror_file, found, out);
  } catch (const store::error& e) {
    if (e.kind() != store::error_kind::corrupt) throw;
    out.findings.push_back({0, std::string("the log cannot be read: ") + e.what()});
  }
  return out;
}

void log::verify_records(const crypto::identity& doctor, const std::optional<head>& known,
                         verdict& out) {
  std::vector<checkpoint> signed_ones;
  checkpoints_.each([&](const store::row& r) { signed_ones.push_back(read_checkpoint(r)); });
  out.checkpoints = signed_ones.size();
  verifier v(doctor, signed_ones);
  if (known) v.expect(*known);
  try {
    records_.bind(0).each([&](const store::row& r) { v.add(read_record(r)); });
  } catch (const store::error& e) {
    if (e.kind() != store::error_kind::corrupt) throw;
    out.findings.push_back({v.last().number + 1, std::string("it cannot be read: ") + e.what()});
  }
  v.end(last());
  out.last = v.last();
  out.signed_up_to = v.signed_up_to();
  out.findings.insert(out.findings.end(), v.findings().begin(), v.findings().end());
}

void log::verify_mirror(const std::filesystem::path& file, std::optional<mirror>& found,
                        verdict& out) {
  if (!found) {
    if (out.last.number > 0)
      out.findings.push_back({1, "its mirror " + file.string() + " is missing"});
    return;
  }
  if (compare(*found, out.mirrored_up_to)) return;
  out.findings.push_back(
      {out.mirrored_up_to + 1, out.mirrored_up_to < out.last.number
                                   ? "the mirror has something else"
                                   : "the log was cut off here: the mirror has more"});
}

void log::lines(std::uint64_t last,
                const std::function<void(const record&, const std::string&)>& take) {
  const store::snapshot as_it_is(db_);
  each(0, [&](const record& r, const std::string& lines) {
    if (r.number <= last) take(r, lines);
  });
}

}  // namespace wardline::doctor::audit
