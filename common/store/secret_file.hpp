#pragma once

#include <filesystem>
#include <functional>
#include <optional>

#include "common/util/secret.hpp"

/// A file that is 32 secret bytes and nothing else: the seed of an identity, the key of a store.
/// Every function throws `failure` (`store::error` where writing failed) with words and a hint if
/// the file belongs to somebody else, can be read by group or others, is not a plain file or has
/// another size.
namespace wardline::store::secret_file {

inline constexpr std::size_t size = 32;
using content = secret<size>;

/// Nothing if there is no such file.
std::optional<content> load(const std::filesystem::path& file);

/// The file's content; if there is none, `random` fills a new one, which is on the disk (file and
/// directory, mode 0600) before this returns. The file is whole or absent, also after a crash.
content load_or_create(const std::filesystem::path& file,
                       const std::function<void(byte_span)>& random);

}  // namespace wardline::store::secret_file
