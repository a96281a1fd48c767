#pragma once

#include <string>

#include "patient/events.hpp"

namespace wardline::patient {

/// The event in plain words, harmless to a terminal; one line or more. Empty if a person need not
/// know.
std::string words_for(const event& e);

/// Why there is no session (`disconnected::reason`), without a full stop: "dr-lee's gateway cannot
/// be reached". `doctor` is an id, or "the doctor".
std::string end_in_words(const std::string& reason, const std::string& doctor);

/// What the prompt says from then on ("signed in", "waiting to be admitted"); empty: as before.
std::string status_after(const event& e);

}  // namespace wardline::patient
