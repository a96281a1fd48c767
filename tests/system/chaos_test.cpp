#include <iostream>

#include "tests/support/catch.hpp"
#include "tests/support/chaos_proxy.hpp"
#include "tests/system/ward_under_fire.hpp"

using namespace wardline::test;

// WARDLINE_CHAOS_SECONDS makes it longer.
TEST_CASE("whatever a network does to the connections, nothing is lost and nothing shown twice") {
  const auto seed = announce_seed("chaos proxy");
  ward_under_fire ward(seed, 4);
  chaos_proxy proxy(ward.port(), seed);
  ward.reroute(proxy.address());
  for (std::size_t i = 0; i < ward.patients(); ++i) ward.restart_patient(i);

  const auto time = number_from_environment("WARDLINE_CHAOS_SECONDS", is_sanitized ? 20 : 60);
  ward.live_for(std::chrono::seconds(time));
  proxy.be_honest();
  ward.settle();
  std::cout << proxy.summary() << "\n" << ward.summary() << std::endl;
  ward.check(moment::end);
  for (std::size_t f = 0; f < chaos_proxy::faults; ++f) {
    CHECK(proxy.count(static_cast<chaos_proxy::fault>(f)) > 0);
  }
}
