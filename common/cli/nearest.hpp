#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace wardline::cli {

/// The one of `among` that `word` most likely was to be: one letter in three may be wrong, missing
/// or too many. Empty if there is none.
std::string nearest(std::string_view word, const std::vector<std::string>& among);

}  // namespace wardline::cli
