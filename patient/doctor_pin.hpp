#pragma once

#include <optional>
#include <string>
#include <variant>

#include "patient/events.hpp"

/// Section 6: "The patient pins it: against the invite's fingerprint, against its known doctors,
/// or, on first use, by asking the person. A pinned doctor whose identity differs is refused,
/// loudly, and never replaced silently."
namespace wardline::patient {

/// Who the doctor must be.
struct wanted_doctor {
  std::string id;                              ///< empty: the invite's, whatever id it has
  std::optional<crypto::fingerprint> invited;  ///< the invite's
  std::string fingerprint;                     ///< as it was typed, or empty
  bool trust_on_first_use = false;
};

enum class pin_verdict { accept, ask_person };

/// What to do with a doctor who has announced itself: `known` is the one who is pinned under the
/// announced id, `can_ask` whether there is a person to ask.
std::variant<pin_verdict, problem> judge_doctor(const wanted_doctor& wanted,
                                                const crypto::identity& announced,
                                                const std::optional<crypto::identity>& known,
                                                bool can_ask);

/// "wrong_doctor", with both fingerprints.
problem wrong_doctor_key(const std::string& expected, const crypto::identity& announced);

}  // namespace wardline::patient
