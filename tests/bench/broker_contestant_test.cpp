#include "bench/fanout/broker_contestant.hpp"

#include <cstdlib>
#include <functional>
#include <string>

#include "tests/support/catch.hpp"
#include "tests/support/thrown.hpp"

namespace wardline::bench {
namespace {

bytes text_of(std::size_t size, byte first) {
  bytes out(size);
  for (auto& b : out) b = first++;
  return out;
}

void deliver_some(std::unique_ptr<broker> which, bool over_tls) {
  if (!find_program(which->program())) {
    WARN("skipped: " << which->program() << " is not installed");
    return;
  }
  broker_contestant contestant(std::move(which), over_tls);
  // 150: more than are let in at a time. Then anew, with another server.
  for (const std::size_t receivers : {std::size_t{150}, std::size_t{1}}) {
    contestant.connect(receivers);
    for (const std::size_t size : {std::size_t{256}, std::size_t{256}, std::size_t{20'000}}) {
      const auto text = text_of(size, static_cast<byte>(size + receivers));
      const auto done = contestant.broadcast(text);
      CHECK(done.last_ms > 0);
      CHECK(done.cpu_us > 0);
    }
  }
}

// A server that delivers something else, or twice, is another protocol's word for the same bytes.
class altered final : public broker {
 public:
  altered(std::unique_ptr<broker> real, std::function<bytes(byte_view)> change)
      : real_(std::move(real)), change_(std::move(change)) {}

  std::string name() const override { return real_->name(); }
  std::string program() const override { return program_.empty() ? real_->program() : program_; }
  std::string configuration(std::uint16_t port,
                            const std::optional<certificate_files>& tls) const override {
    return configuration_.empty() ? real_->configuration(port, tls) : configuration_;
  }
  bool speaks_first() const override { return real_->speaks_first(); }
  std::unique_ptr<broker_reader> make_reader() const override { return real_->make_reader(); }
  bytes sign_in(std::size_t number, bool receives, bool over_tls) const override {
    return real_->sign_in(number, receives, over_tls);
  }
  bytes publication(byte_view text) const override { return change_(text); }
  bytes pong() const override { return real_->pong(); }
  std::chrono::milliseconds ping_after_sign_in() const override { return {}; }

  std::string program_;
  std::string configuration_;

 private:
  std::unique_ptr<broker> real_;
  std::function<bytes(byte_view)> change_;
};

TEST_CASE("mosquitto delivers the whole text to all") { deliver_some(mosquitto(), false); }
TEST_CASE("mosquitto delivers the whole text to all over TLS") { deliver_some(mosquitto(), true); }
TEST_CASE("NATS delivers the whole text to all") { deliver_some(nats_server(), false); }
TEST_CASE("NATS delivers the whole text to all over TLS") { deliver_some(nats_server(), true); }

TEST_CASE("a text that arrives changed or twice is no delivery") {
  for (const auto& make : {mosquitto, nats_server}) {
    if (!find_program(make()->program())) {
      WARN("skipped: " << make()->program() << " is not installed");
      continue;
    }
    const auto changed = [&make](byte_view text) {
      auto other = to_bytes(text);
      other.back() ^= 1U;
      return make()->publication(other);
    };
    const auto twice = [&make](byte_view text) {
      auto out = make()->publication(text);
      append(out, bytes(out));
      return out;
    };
    for (const std::function<bytes(byte_view)>& change :
         {std::function<bytes(byte_view)>(changed), std::function<bytes(byte_view)>(twice)}) {
      broker_contestant contestant(std::make_unique<altered>(make(), change), false);
      contestant.connect(3);
      const auto why = test::thrown_by<failure>([&] {
        contestant.broadcast(text_of(256, 7));
        contestant.broadcast(text_of(256, 8));  // behind the second copy of the other
      });
      CHECK(test::contains(why.what(), "delivered what was not sent"));
    }
  }
}

TEST_CASE("a server that is not installed is named with its package") {
  auto missing = std::make_unique<altered>(mosquitto(), nullptr);
  missing->program_ = "wardline-no-such-server";
  broker_contestant contestant(std::move(missing), false);
  const auto why = test::thrown_by<failure>([&] { contestant.connect(1); });
  CHECK(std::string(why.what()) ==
        "wardline-no-such-server is not installed (apt-get install wardline-no-such-server)");
}

TEST_CASE("a server that does not start is named with its last words") {
  auto broken = std::make_unique<altered>(mosquitto(), nullptr);
  broken->program_ = "cat";  // takes no -c
  broker_contestant contestant(std::move(broken), false);
  const auto why = test::thrown_by<failure>([&] { contestant.connect(1); });
  CHECK(test::contains(why.what(), "cat does not start: "));
}

}  // namespace
}  // namespace wardline::bench
