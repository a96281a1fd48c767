#pragma once

#include "patient/config.hpp"
#include "protocol/message/invite.hpp"

namespace wardline::patient {

/// The invite that the command line gives or names: the argument, a file, standard input ("-"), or
/// what a person at a terminal pastes. White space in it is ignored, since mail breaks lines.
/// Throws `failure` with words: it cannot be read, is none, or is for another id than --id;
/// `cli::usage_error` if there is none and nobody to ask.
protocol::invite read_invite(const config& settings);

}  // namespace wardline::patient
