#include "patient/doctor_pin.hpp"

namespace wardline::patient {

problem wrong_doctor_key(const std::string& expected, const crypto::identity& announced) {
  return {errc::wrong_doctor,
          "THIS IS NOT YOUR DOCTOR'S KEY. " + announced.id + " answered with the fingerprint\n  " +
              crypto::to_digits(crypto::fingerprint_of(announced)) + "\nbut it must be\n  " +
              expected,
          "Somebody may be pretending to be your doctor. Ask the doctor by telephone or in person. "
          "A pinned key is never replaced: if the doctor really has a new one, begin with another "
          "--data-dir."};
}

std::variant<pin_verdict, problem> judge_doctor(const wanted_doctor& wanted,
                                                const crypto::identity& announced,
                                                const std::optional<crypto::identity>& known,
                                                bool can_ask) {
  const auto key = crypto::fingerprint_of(announced);
  if (!wanted.id.empty() && announced.id != wanted.id) {
    return problem{errc::wrong_doctor,
                   "the doctor at this address is " + announced.id + ", not " + wanted.id,
                   "Check --doctor-id and --connect."};
  }
  if (known && *known != announced) {
    return wrong_doctor_key(crypto::to_digits(crypto::fingerprint_of(*known)), announced);
  }
  if (wanted.invited && *wanted.invited != key) {
    return wrong_doctor_key(crypto::to_digits(*wanted.invited), announced);
  }
  if (!wanted.fingerprint.empty() && !crypto::shows(wanted.fingerprint, key)) {
    return wrong_doctor_key(wanted.fingerprint, announced);
  }
  if (known || wanted.invited || !wanted.fingerprint.empty() || wanted.trust_on_first_use) {
    return pin_verdict::accept;
  }
  if (can_ask) return pin_verdict::ask_person;
  return problem{errc::not_found,
                 "the doctor " + announced.id + " is not known yet, and nobody can be asked: its " +
                     "fingerprint is " + crypto::to_digits(key),
                 "Compare it with what the doctor says and give it as --doctor-fingerprint, enrol "
                 "by an invite, or start once at a terminal."};
}

}  // namespace wardline::patient
