#pragma once

#include <filesystem>

#include "common/util/bytes.hpp"

namespace wardline::store {

/// Replaces `file` by one with this content and mode 0600: written beside it, synced, renamed, the
/// directory synced. Whoever looks sees the old content or the new, also after a crash. Throws
/// `store::error`; then the old file is untouched and nothing is left behind.
void replace_file(const std::filesystem::path& file, byte_view content);

}  // namespace wardline::store
