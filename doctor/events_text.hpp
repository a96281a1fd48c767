#pragma once

#include <string>

#include "common/cli/logger.hpp"
#include "doctor/events.hpp"

namespace wardline::doctor {

/// An event as a plain sentence for a person, with what a patient has written. Harmless on a
/// terminal; further lines of a message are indented, so that none can pass for another event.
std::string sentence(const event& e);

/// The same for a log: what patients write stays out of it.
std::string log_sentence(const event& e);

/// How serious it is.
cli::log_level level_of(const event& e) noexcept;

/// The first eight digits of a message id: what a person tells messages apart by.
std::string short_id(const protocol::message_id& id);

}  // namespace wardline::doctor
