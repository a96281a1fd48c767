#pragma once

#include <string>

#include "patient/events.hpp"

namespace wardline::patient {

/// The event in plain words, harmless to a terminal; one line or more. Empty if a person need not
/// know.
std::string words_for(const event& e);

/// What the prompt says from then on ("signed in", "waiting to be admitted"); empty: as before.
std::string status_after(const event& e);

}  // namespace wardline::patient
