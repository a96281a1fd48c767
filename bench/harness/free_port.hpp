#pragma once

#include <cstdint>

namespace wardline::bench {

/// A port of 127.0.0.1 on which nobody listens now, for a server that must be told its port.
/// Somebody else may take it before that server does. Throws `failure` if none is to be had.
std::uint16_t free_port();

/// Whether somebody listens on 127.0.0.1:port.
bool is_listening(std::uint16_t port);

}  // namespace wardline::bench
