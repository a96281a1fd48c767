// What the doctor's machine hands out: who may run it, and what happens when nobody does.
#include "protocol/handshake/computation.hpp"

#include <array>
#include <atomic>
#include <stdexcept>
#include <thread>

#include "tests/protocol/handshake/clinic.hpp"
#include "tests/support/catch.hpp"

using namespace wardline;
using namespace wardline::protocol;
using namespace wardline::test;

namespace {

bytes request_to(clinic& c) { return c.new_patient(c.known()).start().send.at(0); }

class broken_random final : public crypto::random_source {
 public:
  void fill(byte_span) override { throw std::runtime_error("no entropy"); }
};

}  // namespace

TEST_CASE("of two workers with the same request exactly one passes the nonce") {
  for (int round = 0; round < 20; ++round) {
    clinic c;
    const auto request = request_to(c);
    auto first = c.new_doctor();
    auto second = c.new_doctor();
    // Both pass the screen: neither request has been opened yet.
    auto one = first.on_frame(as_frame(request));
    auto two = second.on_frame(as_frame(request));
    REQUIRE(one.compute);
    REQUIRE(two.compute);
    std::atomic<int> ready{0};
    const auto run = [&ready](computation& work) {
      ++ready;
      while (ready < 2) std::this_thread::yield();
      work.run();
    };
    std::thread worker(run, std::ref(*one.compute));
    run(*two.compute);
    worker.join();
    const auto left = first.computed(std::move(one.compute));
    const auto right = second.computed(std::move(two.compute));
    REQUIRE(left.close.has_value() != right.close.has_value());
    CHECK((left.close ? left : right).close->cause == errc::replayed);
    CHECK((left.close ? right : left).compute);
  }
}

TEST_CASE("a computation outlives its handshake, and need not be run") {
  clinic c;
  std::unique_ptr<computation> opening;
  std::unique_ptr<computation> announcing;
  std::unique_ptr<computation> never_run;
  {
    const auto request = request_to(c);
    auto doctor = c.new_doctor();
    opening = doctor.on_frame(as_frame(request)).compute;
    auto another = c.new_doctor();
    announcing = another.on_frame(as_frame(encode_frame(frame_type::hello, {}))).compute;
    auto third = c.new_doctor();
    never_run = third.on_frame(as_frame(request_to(c))).compute;
  }
  REQUIRE(opening);
  REQUIRE(announcing);
  REQUIRE(never_run);
  opening->run();
  announcing->run();
  CHECK(c.announcements.fresh());

  // The answer, too, after its handshake has gone.
  std::unique_ptr<computation> answering;
  {
    auto doctor = c.new_doctor();
    auto step = doctor.on_frame(as_frame(request_to(c)));
    step.compute->run();
    answering = doctor.computed(std::move(step.compute)).compute;
  }
  REQUIRE(answering);
  answering->run();
}

TEST_CASE("the computation of another handshake is not taken back") {
  clinic c;
  auto mine = c.new_doctor();
  auto others = c.new_doctor();
  auto step = mine.on_frame(as_frame(request_to(c)));
  auto other_step = others.on_frame(as_frame(request_to(c)));
  step.compute->run();
  other_step.compute->run();
  const auto refused = mine.computed(std::move(other_step.compute));
  REQUIRE(refused.close);
  CHECK(refused.close->cause == errc::protocol_error);
  // Nor is its own after that.
  CHECK(mine.computed(std::move(step.compute)).close->cause == errc::protocol_error);
}

TEST_CASE("a machine that fails while it computes is busy, and nothing escapes") {
  clinic c;
  broken_random broken;
  announcer announcements(c.who.doctor, c.time, broken);
  const doctor_context context{c.who.doctor, c.time, broken, c.nonces, announcements};

  doctor_handshake asked(context, c.directory);
  auto hello = asked.on_frame(as_frame(encode_frame(frame_type::hello, {})));
  hello.compute->run();
  const auto no_identity = asked.computed(std::move(hello.compute));
  REQUIRE(no_identity.close);
  CHECK(no_identity.close->cause == errc::unavailable);
  CHECK(no_identity.close->notice.reason == disconnect_reason::busy);

  doctor_handshake answering(context, c.directory);
  const auto step = compute_through(answering, answering.on_frame(as_frame(request_to(c))));
  REQUIRE(step.close);
  CHECK(step.close->cause == errc::unavailable);
  CHECK(step.close->notice.reason == disconnect_reason::busy);
}

TEST_CASE("a computation that was not run is taken back as a failure of this machine") {
  clinic c;
  auto doctor = c.new_doctor();
  auto step = doctor.on_frame(as_frame(request_to(c)));
  const auto closed = doctor.computed(std::move(step.compute));
  REQUIRE(closed.close);
  CHECK(closed.close->cause == errc::unavailable);
}

TEST_CASE("handshakes with their computations run on several threads at once") {
  clinic c;
  std::array<std::unique_ptr<doctor_handshake>, 4> doctors;
  std::array<doctor_step, 4> steps;
  for (std::size_t i = 0; i < doctors.size(); ++i) {
    doctors[i] = std::make_unique<doctor_handshake>(c.new_doctor());
    steps[i] = doctors[i]->on_frame(
        as_frame(i % 2 == 0 ? encode_frame(frame_type::hello, {}) : request_to(c)));
    REQUIRE(steps[i].compute);
  }
  std::vector<std::thread> workers;
  for (auto& step : steps) workers.emplace_back([&step] { step.compute->run(); });
  for (auto& worker : workers) worker.join();
  for (std::size_t i = 0; i < doctors.size(); ++i) {
    CHECK_FALSE(doctors[i]->computed(std::move(steps[i].compute)).close);
  }
}
