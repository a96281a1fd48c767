#include "doctor/reload.hpp"

#include "tests/support/catch.hpp"

namespace wardline::doctor {
namespace {

using cli::setting;
using cli::setting_source;
using names = std::vector<std::string>;

setting of(const std::string& name, const std::string& value,
           setting_source from = setting_source::file) {
  return {name, value, from, ""};
}

}  // namespace

TEST_CASE("a reload changes what can change, and tells what cannot until it has happened") {
  const std::vector<setting> now{of("heartbeat", "30s", setting_source::standard),
                                 of("listen", "127.0.0.1:7460"), of("log-level", "info"),
                                 of("max-queue", "7")};
  const std::vector<setting> fresh{of("heartbeat", "5s"), of("listen", "0.0.0.0:7460"),
                                   of("log-level", "info", setting_source::environment),
                                   of("max-queue", "7")};
  const auto first = plan_reload(now, fresh);
  CHECK(first.changed == names{"heartbeat"});
  CHECK(first.needs_restart == names{"listen"});
  CHECK(first.in_force[0].value == "5s");
  CHECK(first.in_force[0].source == setting_source::file);
  CHECK(first.in_force[1].value == "127.0.0.1:7460");
  CHECK(first.in_force[2].source == setting_source::environment);

  const auto again = plan_reload(first.in_force, fresh);
  CHECK(again.changed.empty());
  CHECK(again.needs_restart == names{"listen"});
  CHECK(plan_reload(first.in_force, first.in_force).needs_restart.empty());
}

}  // namespace wardline::doctor
