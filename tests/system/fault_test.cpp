// Programs are killed at random moments, and nothing is lost. More of it:
//   WARDLINE_KILLS=2000 build/release/bin/test_system "*killed*"
#include <iostream>

#include "tests/support/catch.hpp"
#include "tests/system/ward_under_fire.hpp"

using namespace wardline::test;

namespace {

constexpr unsigned patients = 4;
constexpr int longest_life_ms = is_sanitized ? 1'500 : 250;

std::uint64_t kills() { return number_from_environment("WARDLINE_KILLS", is_sanitized ? 8 : 200); }

}  // namespace

TEST_CASE("a gateway that is killed at any moment loses nothing and shows nothing twice") {
  ward_under_fire ward(announce_seed("killed gateway"), patients);
  constexpr std::uint64_t checked_each = 20;
  const auto wanted = kills();
  for (std::uint64_t i = 1; i <= wanted; ++i) {
    ward.live_for(ward.up_to(longest_life_ms));
    ward.kill_gateway();
    // Now and then it does not live to hear anybody.
    if (ward.random()() % 8 == 0) ward.start_and_kill_gateway(ward.up_to(30));
    if (i % checked_each == 0) ward.check(moment::midway);
    ward.start_gateway();
  }
  ward.settle();
  std::cout << ward.summary() << std::endl;
  ward.check(moment::end);
  CHECK(ward.troubles().empty());
  CHECK(ward.sign_ins() > ward.patients());  // they came back
}

TEST_CASE("patients that are killed at any moment lose nothing and show nothing twice") {
  ward_under_fire ward(announce_seed("killed patients"), patients);
  const auto wanted = kills();
  for (std::uint64_t i = 1; i <= wanted; ++i) {
    ward.live_for(ward.up_to(longest_life_ms / 2));
    ward.kill_patient(ward.random()() % ward.patients());
  }
  ward.settle();
  std::cout << ward.summary() << std::endl;
  ward.check(moment::end);
  CHECK(ward.troubles().empty());
  CHECK(ward.sign_ins() > ward.patients());  // they came back
}
