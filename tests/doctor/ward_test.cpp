// What the gateway sends when somebody comes or goes, however many are there.
#include <sys/resource.h>

#include "tests/doctor/hospital.hpp"

namespace wardline::test {
namespace {

// Both ends of a thousand connections are in this process.
void raise_file_limit() {
  rlimit now{};
  REQUIRE(::getrlimit(RLIMIT_NOFILE, &now) == 0);
  now.rlim_cur = now.rlim_max;
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &now) == 0);
}

/// The frames that have reached these patients, each with whose it is.
std::vector<std::pair<const seat*, protocol::frame_type>> arrived(hospital& h) {
  h.settle();
  std::vector<std::pair<const seat*, protocol::frame_type>> out;
  for (auto& s : h.seats) {
    while (s.socket.available() > 0) {
      const auto whole = s.read_frame();
      const auto f = protocol::decode_frame(whole, protocol::session_frame_limit);
      out.emplace_back(&s, f.value().type);
    }
  }
  return out;
}

}  // namespace

TEST_CASE("who joins is sent one frame and who leaves none, whether 100 are present or 1,000") {
  raise_file_limit();
  hospital h;
  for (const std::size_t present : {100U, 1'000U}) {
    CAPTURE(present);
    {
      // Quicker on disk; it has no part in what is sent.
      store::transaction whole(h.kept.database());
      while (h.seats.size() < present) h.join("p" + std::to_string(h.seats.size()));
      whole.commit();
    }
    arrived(h);

    const auto& newcomer = h.join("newcomer-" + std::to_string(present));
    const auto of_join = arrived(h);
    REQUIRE(of_join.size() == 1);
    CHECK(of_join.front().first == &newcomer);
    CHECK(of_join.front().second == protocol::frame_type::group_key);

    h.present.leave(*h.seats.front().at_doctor);
    h.present.leave(*newcomer.at_doctor);
    CHECK(arrived(h).empty());
    const auto& next = h.join("next-" + std::to_string(present));
    const auto after_leave = arrived(h);
    REQUIRE(after_leave.size() == 1);
    CHECK(after_leave.front().first == &next);
    h.present.leave(*next.at_doctor);
    h.present.join(*h.seats.front().at_doctor);
    CHECK(arrived(h).size() == 1);
  }
}

}  // namespace wardline::test
