#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string_view>

#include "doctor/audit/log.hpp"

/// The log as somebody else can keep and verify it: lines of JSON, the first with the doctor's
/// public identity, then the records with their checkpoints as the mirror has them. The last record
/// is that of the export itself, and signed.
namespace wardline::doctor::audit {

/// Everything up to record `last`.
void write_export(log& from, const crypto::identity& doctor, std::uint64_t last,
                  const std::function<void(std::string_view)>& out);

/// The same into a new file of mode 0600, which is there wholly or not at all. Throws `failure`,
/// also if there is a file of this name.
void write_export_file(log& from, const crypto::identity& doctor, std::uint64_t last,
                       const std::filesystem::path& file);

struct export_verdict {
  crypto::identity doctor;  ///< whose log the file says it is
  verdict result;
};

/// Throws `failure` if the file cannot be read or does not begin as an export does. Whoever alters
/// all of a file can put a key of their own into it: compare the fingerprint.
export_verdict verify_export(const std::filesystem::path& file,
                             const std::optional<head>& known = std::nullopt);

}  // namespace wardline::doctor::audit
