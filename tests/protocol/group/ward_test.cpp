// One doctor_group and several patient_groups, as the ward uses them.
#include <map>
#include <memory>

#include "protocol/group/doctor_group.hpp"
#include "protocol/group/patient_group.hpp"
#include "tests/protocol/group/people.hpp"
#include "tests/support/catch.hpp"

using namespace wardline;
using namespace wardline::protocol;
using test::any_random;
using test::notice;
using test::the_doctor;

namespace {

class ward {
 public:
  void join(const std::string& id) {
    auto& p = patients_[id];
    p = std::make_unique<patient_group>(the_doctor().public_part());
    if (auto key = group_.join(id, any_random().make_secret<32>())) {
      REQUIRE(p->install(std::move(*key)));
    }
  }

  /// The end of the session: the doctor forgets it, the patient keeps what it has.
  void leave(const std::string& id) { group_.leave(id); }

  bytes broadcast(const std::set<std::string>& present, const std::string& text = "to all") {
    if (group_.needs_generation(now)) {
      group_.open_generation(++generation_, now);
      for (const auto& id : present) REQUIRE(patients_.at(id)->install(group_.current_key()));
    }
    return seal_broadcast(the_doctor(), group_.take_slot(), notice(text), any_random()).frame;
  }

  errc open(const std::string& id, const bytes& whole) {
    const auto opened = patients_.at(id)->open(*decode_frame(whole, session_frame_limit), {});
    if (!opened) return to_errc(opened.error());
    missed = opened->missed;
    return errc::ok;
  }

  std::uint64_t missed = 0;
  unix_ms now = 1'790'000'000'000;

 private:
  std::uint32_t generation_ = 6;
  doctor_group group_{the_doctor().group_secret(), any_random()};
  std::map<std::string, std::unique_ptr<patient_group>> patients_;
};

}  // namespace

TEST_CASE("everybody present reads a broadcast, from the same bytes") {
  ward w;
  for (const auto* const id : {"a", "b", "c"}) w.join(id);
  const auto frame = w.broadcast({"a", "b", "c"});
  for (const auto* const id : {"a", "b", "c"}) CHECK(w.open(id, frame) == errc::ok);
}

TEST_CASE("a newcomer reads what comes and not what came before") {
  ward w;
  w.join("a");
  const auto first = w.broadcast({"a"});
  CHECK(w.open("a", first) == errc::ok);
  const auto second = w.broadcast({"a"});
  w.join("b");
  CHECK(w.open("b", first) == errc::stale_epoch);
  CHECK(w.open("b", second) == errc::stale_epoch);
  CHECK(w.open("a", second) == errc::ok);

  const auto third = w.broadcast({"a", "b"});
  CHECK(w.open("b", third) == errc::ok);
  CHECK(w.missed == 0);
  CHECK(w.open("a", third) == errc::ok);
  CHECK(w.missed == 0);
}

TEST_CASE("a newcomer's key does not lead back to the keys before it") {
  doctor_group group(the_doctor().group_secret(), any_random());
  group.open_generation(7, 0);
  const auto old_slot = group.take_slot();
  const auto whole = seal_broadcast(the_doctor(), old_slot, notice("before"), any_random()).frame;
  auto key = group.join("new", any_random().make_secret<32>());
  REQUIRE(key);
  // Even if it pretends that its key is of the epoch of the broadcast.
  key->ratchet = 0;
  key->next_seq = 0;
  patient_group cheat(the_doctor().public_part());
  REQUIRE(cheat.install(std::move(*key)));
  CHECK(cheat.open(*decode_frame(whole, session_frame_limit), {}).error() == errc::invalid_tag);
}

TEST_CASE("whoever left cannot read on") {
  ward w;
  w.join("a");
  w.join("b");
  CHECK(w.open("b", w.broadcast({"a", "b"})) == errc::ok);
  w.leave("b");
  const auto after = w.broadcast({"a"});
  CHECK(w.open("a", after) == errc::ok);
  CHECK(w.open("b", after) == errc::stale_epoch);
}

TEST_CASE("a leaver's key does not lead on to the next generation") {
  doctor_group group(the_doctor().group_secret(), any_random());
  group.join("a", any_random().make_secret<32>());
  group.join("b", any_random().make_secret<32>());
  group.open_generation(7, 0);
  auto key = group.current_key();
  group.leave("b");
  group.open_generation(8, 0);
  const auto whole =
      seal_broadcast(the_doctor(), group.take_slot(), notice("after"), any_random()).frame;
  key.generation = 8;
  patient_group cheat(the_doctor().public_part());
  REQUIRE(cheat.install(std::move(key)));
  CHECK(cheat.open(*decode_frame(whole, session_frame_limit), {}).error() == errc::invalid_tag);
}

TEST_CASE("joins, departures and broadcasts interleave and nobody present misses anything") {
  ward w;
  std::set<std::string> present;
  std::set<std::string> gone;
  std::uint32_t state = 12345;  // a fixed sequence
  const auto next = [&](std::uint32_t n) {
    state = state * 1664525U + 1013904223U;
    return (state >> 16U) % n;
  };
  int broadcasts = 0;
  for (int step = 0; step < 300; ++step) {
    const auto id = "p" + std::to_string(next(8));
    switch (next(3)) {
      case 0:
        w.join(id);
        present.insert(id);
        gone.erase(id);
        break;
      case 1:
        w.leave(id);
        if (present.erase(id) != 0) gone.insert(id);
        break;
      default: {
        const auto whole = w.broadcast(present);
        ++broadcasts;
        for (const auto& who : present) {
          CAPTURE(step, who);
          CHECK(w.open(who, whole) == errc::ok);
          CHECK(w.missed == 0);
        }
        for (const auto& who : gone) {
          CAPTURE(step, who);
          CHECK(w.open(who, whole) == errc::stale_epoch);
        }
      }
    }
    if (next(20) == 0) w.now += 3'600'000;
  }
  CHECK(broadcasts > 50);
}

TEST_CASE("all that can join between two broadcasts does not lose a patient") {
  doctor_group group(the_doctor().group_secret(), any_random());
  patient_group patient(the_doctor().public_part());
  group.join("first", any_random().make_secret<32>());
  group.open_generation(7, 0);
  REQUIRE(patient.install(group.current_key()));
  for (int i = 0; i < 65'535; ++i) {
    if (!group.join("m" + std::to_string(i), any_random().make_secret<32>())) FAIL("at " << i);
  }
  CHECK(group.needs_generation(0));
  // One that was accepted just before may still be sent.
  const auto whole =
      seal_broadcast(the_doctor(), group.take_slot(), notice("to all"), any_random()).frame;
  CHECK(patient.open(*decode_frame(whole, session_frame_limit), {}).has_value());
}
