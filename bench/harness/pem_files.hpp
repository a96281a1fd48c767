#pragma once

#include <filesystem>

#include "bench/handshake/certificates.hpp"

namespace wardline::bench {

/// Writes a certificate and its key for a server that reads them from files; the key's has mode
/// 0600. Throws `failure`.
void write_pem(const certificate& what, const std::filesystem::path& certificate_file,
               const std::filesystem::path& key_file);

}  // namespace wardline::bench
