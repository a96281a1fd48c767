#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "common/crypto/identity.hpp"
#include "doctor/audit/record.hpp"

namespace wardline::doctor::audit {

/// What is wrong with a log, and at which record.
struct finding {
  std::uint64_t number;
  std::string what;

  friend bool operator==(const finding&, const finding&) = default;
};

/// Follows a log from its first record to its end. It knows nothing of files. A finding never goes
/// away: what comes later can only add others.
class verifier {
 public:
  /// Checks the signatures of the checkpoints, which must outlive the verifier, in order of their
  /// numbers; `doctor` is whose log it is.
  verifier(const crypto::identity& doctor, std::span<const checkpoint> checkpoints);

  /// `known` is what an earlier verification ended with: the log must have that very record.
  void expect(const head& known) { known_ = known; }

  /// The next record, in the order in which the log holds them.
  void add(const record& r);

  /// Nothing follows. `kept` is the head that was kept elsewhere: the log must end there.
  void end(const std::optional<head>& kept);

  const std::vector<finding>& findings() const noexcept { return findings_; }
  head last() const noexcept { return last_; }
  /// The record up to which the doctor's signature vouches; 0: none.
  std::uint64_t signed_up_to() const noexcept { return signed_up_to_; }

  /// What is found beyond so many is not listed.
  static constexpr std::size_t max_findings = 1'000;

 private:
  void found(std::uint64_t number, std::string what);

  std::span<const checkpoint> checkpoints_;
  std::size_t next_checkpoint_ = 0;
  head last_;
  std::optional<head> known_;
  std::uint64_t signed_up_to_ = 0;
  std::vector<finding> findings_;
};

/// All of it at once: empty if nothing was altered, removed, put in another order or cut off.
std::vector<finding> verify(const crypto::identity& doctor, std::span<const record> records,
                            std::span<const checkpoint> checkpoints,
                            const std::optional<head>& kept);

}  // namespace wardline::doctor::audit
