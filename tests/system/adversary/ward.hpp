#pragma once

#include <map>

#include "tests/system/programs.hpp"

/// What every test of the adversary looks at besides the adversary's own end.
namespace wardline::test::adversary {

/// A gateway at which the adversary may fail as often as it likes, unless a test says otherwise.
std::vector<std::string> patient_limits();

/// An honest patient, the real program, in a session all the while.
class honest_patient {
 public:
  explicit honest_patient(doctor_program& gateway, const std::string& id = "alice");

  /// In the session of before: not ended, not replaced, not blocked; and what the doctor says
  /// reaches her, and hers the doctor.
  void must_be_unharmed();

  patient_program& program() noexcept { return program_; }

 private:
  doctor_program& gateway_;
  patient_program program_;
  std::string fingerprint_;
  int said_ = 0;
};

/// How often the audit has each event with each reason, "event/reason": what happens often is
/// recorded as one record and a count, which are added up here. Ends the gateway, so that nothing
/// is left to be counted.
std::map<std::string, std::uint64_t> audit_of(doctor_program& gateway);

}  // namespace wardline::test::adversary
