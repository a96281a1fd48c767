#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "bench/fanout/contestant.hpp"
#include "bench/settings.hpp"

namespace wardline::bench {

/// Makes a contestant; nothing of it runs yet.
using make_contestant = std::function<std::unique_ptr<contestant>()>;

/// All of them, ours first: who is to deliver beside whom.
std::vector<make_contestant> fanout_contestants(const settings& how);

}  // namespace wardline::bench
