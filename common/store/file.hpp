#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "common/util/bytes.hpp"
#include "common/util/secret.hpp"

namespace wardline::store {

/// Replaces `file` by one with this content and mode 0600: written beside it, synced, renamed, the
/// directory synced. Whoever looks sees the old content or the new, also after a crash. Throws
/// `store::error`; then the old file is untouched and nothing is left behind.
void replace_file(const std::filesystem::path& file, byte_view content);

/// Removes `file`, if it is there; gone from the disk when this returns. Throws `store::error`.
void remove_file(const std::filesystem::path& file);

/// As `replace_file` and `remove_file`, for a secret: the bytes of the old file are overwritten
/// once it is out of the way. (A disk or file system that writes elsewhere keeps them all the
/// same.) A crash before `erase_file` has removed the file may leave it, as it was or all zeros.
void replace_secret_file(const std::filesystem::path& file, byte_view content);
void erase_file(const std::filesystem::path& file);

/// What a plain file holds that is ours and closed to others; nothing if there is no such file.
/// Throws `failure` with words if it is not of that kind or has more than `most` bytes.
std::optional<secret_bytes> read_private_file(const std::filesystem::path& file, std::size_t most);

/// The same of a file that says what is to be done: ours or root's, and nobody else may write to
/// it. Who may read it is not asked.
std::optional<std::string> read_trusted_file(const std::filesystem::path& file, std::size_t most);

/// The same of a secret that was handed over: ours or root's, and nobody else may write to it, nor
/// anybody but its group read it. (A credential of systemd's belongs to root, and a list of its own
/// opens it to the service's user, which shows as a right of the group.)
std::optional<secret_bytes> read_credential(const std::filesystem::path& file, std::size_t most);

}  // namespace wardline::store
