#pragma once

namespace CLI {  // NOLINT(readability-identifier-naming)
class App;
}

namespace wardline::doctor {

struct config;

/// The options of the running gateway that change its limits.
void add_limit_options(CLI::App& app, config& c);

}  // namespace wardline::doctor
