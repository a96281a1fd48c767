#pragma once

namespace CLI {
class App;
}

namespace wardline::doctor {

struct config;

/// The options of the running gateway that change its limits.
void add_limit_options(CLI::App& app, config& settings);

}  // namespace wardline::doctor
