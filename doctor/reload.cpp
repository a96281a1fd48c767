#include "doctor/reload.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace wardline::doctor {
namespace {

/// What is built into the gateway when it begins. (The crypto workers look at the clock window.)
constexpr std::array<std::string_view, 12> fixed{
    "id",           "data-dir",       "listen",          "group",      "no-menu",    "plain",
    "clock-window", "crypto-workers", "handshake-queue", "on-overdue", "log-format", "metrics"};

bool is_fixed(const std::string& name) {
  return std::find(fixed.begin(), fixed.end(), name) != fixed.end();
}

}  // namespace

reload_plan plan_reload(const std::vector<cli::setting>& now,
                        const std::vector<cli::setting>& fresh) {
  reload_plan out{{}, {}, now};
  for (auto& old : out.in_force) {
    const auto found =
        std::find_if(fresh.begin(), fresh.end(), [&](const auto& s) { return s.name == old.name; });
    if (found == fresh.end()) continue;
    if (found->value == old.value) {
      if (!is_fixed(old.name)) old = *found;  // it may come from elsewhere now
      continue;
    }
    (is_fixed(old.name) ? out.needs_restart : out.changed).push_back(old.name);
    if (!is_fixed(old.name)) old = *found;
  }
  return out;
}

}  // namespace wardline::doctor
