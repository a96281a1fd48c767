#pragma once

#include <string>
#include <vector>

#include "common/cli/settings.hpp"

namespace wardline::doctor {

/// What a configuration that was read anew changes in a gateway that runs.
struct reload_plan {
  std::vector<std::string> changed;        ///< names of settings that are other ones from now on
  std::vector<std::string> needs_restart;  ///< of those that stay as they are until then
  std::vector<cli::setting> in_force;
};

/// `now`: what the gateway runs with; `fresh`: what it would begin with.
reload_plan plan_reload(const std::vector<cli::setting>& now,
                        const std::vector<cli::setting>& fresh);

}  // namespace wardline::doctor
