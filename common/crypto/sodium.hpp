#pragma once

namespace wardline::crypto {

/// Makes libsodium ready; to be called before anything else of it, any number of times, by any
/// thread. Throws `failure` if the library cannot work on this machine.
void use_sodium();

}  // namespace wardline::crypto
