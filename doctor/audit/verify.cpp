#include "doctor/audit/verify.hpp"

#include <utility>

#include "common/crypto/labels.hpp"

namespace wardline::doctor::audit {
namespace {

std::string text(std::uint64_t n) { return std::to_string(n); }

}  // namespace

verifier::verifier(const crypto::identity& doctor, std::span<const checkpoint> checkpoints)
    : checkpoints_(checkpoints) {
  const auto& suite = crypto::suite_of(doctor.group);
  std::uint64_t before = 0;
  for (const auto& c : checkpoints_) {
    const auto number = big_endian<8>(c.number);
    const auto time = big_endian<8>(c.time);
    if (!suite.verify(doctor.y_sig, crypto::label::audit_checkpoint, {number, c.hash.view(), time},
                      c.signature)) {
      found(c.number, "its checkpoint is not signed by this doctor");
    }
    if (c.number <= before) found(c.number, "its checkpoint is out of order");
    before = c.number;
  }
}

void verifier::found(std::uint64_t number, std::string what) {
  if (findings_.size() < max_findings) findings_.push_back({number, std::move(what)});
}

void verifier::add(const record& r) {
  const auto expected = last_.number + 1;
  if (r.number > expected) {
    found(expected, r.number == expected + 1 ? "it is missing"
                                             : "records " + text(expected) + " to " +
                                                   text(r.number - 1) + " are missing here");
  } else if (r.number < expected) {
    found(r.number, "it is out of order: it comes after record " + text(last_.number));
  }
  // The hash that lies before it counts, not the one that should: so each record that was altered
  // is named, and not all that follow it.
  if (link(last_.hash, r.number, r.time, r.what) != r.hash) {
    found(r.number, "it was altered, or what lies before it is not what was");
  }
  if (known_ && known_->number == r.number && known_->hash != r.hash) {
    found(r.number, "it or one before it was altered: it had another hash before");
  }
  last_ = {r.number, r.hash};

  while (next_checkpoint_ < checkpoints_.size() &&
         checkpoints_[next_checkpoint_].number < r.number) {
    ++next_checkpoint_;  // of a record that is missing, which was found above
  }
  const bool has_checkpoint =
      next_checkpoint_ < checkpoints_.size() && checkpoints_[next_checkpoint_].number == r.number;
  if (has_checkpoint) {
    // A chain that was calculated anew from some record on fits in itself, and not here.
    if (checkpoints_[next_checkpoint_].hash != r.hash) {
      found(r.number, "it or one before it was altered: the doctor signed another hash");
    }
    signed_up_to_ = r.number;
    ++next_checkpoint_;
  } else if (needs_checkpoint(r)) {
    found(r.number, "its signed checkpoint is missing");
  }
}

void verifier::end(const std::optional<head>& kept) {
  const auto last_signed = checkpoints_.empty() ? 0 : checkpoints_.back().number;
  if (last_signed > last_.number) {
    found(last_.number + 1, "the log was cut off here: the doctor signed a checkpoint at record " +
                                text(last_signed));
  }
  if (known_ && known_->number > last_.number) {
    found(last_.number + 1,
          "the log was cut off here: it had " + text(known_->number) + " records before");
  }
  if (!kept || *kept == last_) return;
  if (kept->number > last_.number) {
    found(last_.number + 1, "the log was cut off here: it had " + text(kept->number) + " records");
  } else if (kept->number < last_.number) {
    found(kept->number + 1,
          "it was added by somebody else: the log ended at record " + text(kept->number));
  } else {
    found(last_.number, "the hash of the last record is not the one that was kept");
  }
}

std::vector<finding> verify(const crypto::identity& doctor, std::span<const record> records,
                            std::span<const checkpoint> checkpoints,
                            const std::optional<head>& kept) {
  verifier v(doctor, checkpoints);
  for (const auto& r : records) v.add(r);
  v.end(kept);
  return v.findings();
}

}  // namespace wardline::doctor::audit
