// Section 10, and the bounds on whoever has no session: hostile connections do not keep honest
// patients out.
#include <algorithm>
#include <array>
#include <chrono>
#include <functional>
#include <iostream>

#include "tests/support/catch.hpp"
#include "tests/system/groups.hpp"
#include "tests/system/visits.hpp"

namespace wardline::test {
namespace {

using protocol::frame_type;

const bytes& hello() {
  static const bytes whole = protocol::encode_frame(frame_type::hello, {});
  return whole;
}

/// The gateway has taken the connection on: it has answered.
void say_hello(raw_peer& peer) {
  peer.send(hello());
  REQUIRE(type_of(peer.next_frame().value()) == frame_type::identity);
}

/// A peer that sends a frame that never ends, byte by byte. A test calls it between its steps: more
/// often than once a second, which is worse.
class dripping_peer {
 public:
  explicit dripping_peer(const raw_peer::way& to) : peer(to) {}

  void drip() {
    static const auto header = protocol::make_header(frame_type::auth_request, false, 4000);
    peer.send(byte_view(header).subspan(std::min(sent_++, header.size() - 1), 1));
  }

  raw_peer peer;

 private:
  std::size_t sent_ = 0;
};

std::ptrdiff_t count_open(const std::vector<raw_peer>& peers) {
  return std::count_if(peers.begin(), peers.end(), [](const raw_peer& p) { return p.is_open(); });
}

struct sign_in_times {
  double fastest_ms;
  double median_ms;
};

sign_in_times measure(
    doctor_program& doctor, scripted_patient& patient,
    const std::function<void()>& between = [] {}) {
  std::array<double, 15> times{};
  for (auto& time : times) {
    between();
    const auto began = std::chrono::steady_clock::now();
    const auto visit = patient.sign_in(to(doctor));
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - began;
    REQUIRE(visit.is_up());
    time = took.count();
  }
  std::sort(times.begin(), times.end());
  return {times.front(), times[times.size() / 2]};
}

}  // namespace

TEST_CASE("500 idle connections, a dripping, a silent and a boastful one keep nobody out") {
  const auto group = any_group();
  // No deadline frees the gateway of them while the honest sign in.
  doctor_program doctor(group, {"--handshake-timeout", "1h"});
  scripted_patient measured("measured", group);
  enrol(doctor, measured).peer.close();
  const auto alone = measure(doctor, measured);

  std::vector<raw_peer> everywhere;  // sixteen from each of 32 addresses
  for (int i = 0; i < 512; ++i) {
    everywhere.emplace_back(raw_peer::way{doctor.port(), "127.0.1." + std::to_string(1 + i % 32)});
  }
  std::vector<raw_peer> from_one;
  for (int i = 0; i < 500; ++i) from_one.emplace_back(raw_peer::way{doctor.port(), "127.0.2.1"});
  dripping_peer dripping({doctor.port(), "127.0.3.1"});
  raw_peer silent({doctor.port(), "127.0.3.2"});
  say_hello(silent);  // so that all before it have been accepted
  raw_peer boastful({doctor.port(), "127.0.3.3"});
  boastful.send(big_endian<4>(std::uint64_t{1} << 31U));
  CHECK(boastful.read_to_end().empty());

  const auto crowded = measure(doctor, measured, [&] { dripping.drip(); });
  doctor.command({"revoke", "measured"});
  patient_program alice("alice");
  patient_program bob("bob");
  alice.sign_in(doctor);
  bob.sign_in(doctor);
  dripping.drip();
  const auto out = doctor.command({"broadcast", "to all", "--wait", "30"});
  CHECK(out.at("decrypted") == json::array({"alice", "bob"}));
  CHECK(alice.events().await("message").at("text") == "to all");
  CHECK(bob.events().await("message").at("text") == "to all");

  // They have been there all the while: 32 of the one address, and all of the others.
  CHECK(count_open(everywhere) == 512);
  CHECK(count_open(from_one) == 32);
  CHECK(dripping.peer.is_open());
  CHECK(silent.is_open());
  std::cout << "sign-in, " << group << ": median " << alone.median_ms << " ms (fastest "
            << alone.fastest_ms << ") alone, " << crowded.median_ms << " (" << crowded.fastest_ms
            << ") beside them: " << crowded.median_ms / alone.median_ms << " times\n";
}

TEST_CASE("whoever does not sign in is shown out when its time is over") {
  doctor_program doctor("ristretto255", {"--handshake-timeout", "2s"});
  patient_program alice("alice");
  alice.sign_in(doctor);
  patient_program stranger("stranger");
  stranger.start(doctor);
  doctor.events().await("waiting");

  raw_peer silent({doctor.port()});
  raw_peer after_hello({doctor.port()});
  say_hello(after_hello);
  dripping_peer dripping({doctor.port()});
  const auto give_up = std::chrono::steady_clock::now() + process::patience;
  while (!dripping.peer.closes_within(seconds(1))) {
    dripping.drip();
    REQUIRE(std::chrono::steady_clock::now() < give_up);
  }
  CHECK(silent.read_to_end().empty());
  CHECK(after_hello.read_to_end().empty());

  // But neither a session nor who waits for the operator.
  doctor.command({"admit", "stranger"});
  stranger.events().await("authenticated");
  const auto out = doctor.command({"broadcast", "still here", "--wait", "30"});
  CHECK(out.at("decrypted") == json::array({"alice", "stranger"}));
}

TEST_CASE("of 33 connections from one address the one that is silent longest gives way") {
  doctor_program doctor("ristretto255", {"--handshake-timeout", "1h"});
  scripted_patient alice("alice", "ristretto255");
  enrol(doctor, alice);
  const std::string source = "127.0.0.9";
  raw_peer elsewhere({doctor.port(), "127.0.0.10"});

  std::vector<raw_peer> peers;
  peers.emplace_back(raw_peer::way{doctor.port(), source});  // says nothing yet
  for (int i = 1; i < 32; ++i) {
    peers.emplace_back(raw_peer::way{doctor.port(), source});
    say_hello(peers.back());
  }
  say_hello(peers.front());  // now it is the second that has been silent longest
  raw_peer newcomer({doctor.port(), source});
  say_hello(newcomer);
  CHECK(peers[1].read_to_end().empty());
  CHECK(count_open(peers) == 31);

  // An honest patient behind that address gets in, at the cost of the next.
  sign_in(doctor, alice, to(doctor, source));
  CHECK(peers[2].read_to_end().empty());
  CHECK(elsewhere.is_open());
}

TEST_CASE("while 32 addresses hold all 1,024 places, patients resume and sign in from others") {
  doctor_program doctor("ristretto255", {"--handshake-timeout", "1h"});
  scripted_patient alice("alice", "ristretto255");
  scripted_patient bob("bob", "ristretto255");
  enrol(doctor, alice).peer.close();
  enrol(doctor, bob).peer.close();

  std::vector<raw_peer> strangers;
  for (int i = 0; i < 1024; ++i) {
    strangers.emplace_back(raw_peer::way{doctor.port(), "127.0.1." + std::to_string(1 + i % 32)});
    if (i >= 1024 - 32) say_hello(strangers.back());  // the others have been silent for longer
  }
  CHECK(count_open(strangers) == 1024);

  const auto resumed = sign_in(doctor, alice, resuming(to(doctor, "127.0.2.1")));
  CHECK(resumed.up->resumed);
  const auto in_full = sign_in(doctor, bob, to(doctor, "127.0.2.2"));
  CHECK_FALSE(in_full.up->resumed);
  // A session takes no place: the second newcomer found the first one's free.
  CHECK(count_open(strangers) == 1023);
}

TEST_CASE("who has shown a request gives no place up, however many its address holds") {
  doctor_program doctor("ristretto255", {"--handshake-timeout", "1h", "--max-connections", "8"});
  scripted_patient alice("alice", "ristretto255");
  enrol(doctor, alice).peer.close();
  const std::string shared = "127.0.1.1";
  std::vector<raw_peer> beside;
  std::vector<raw_peer> newcomers;
  const auto crowd = [&](std::vector<raw_peer>& to, int count, const std::string& source) {
    for (int i = 0; i < count; ++i) {
      to.emplace_back(raw_peer::way{doctor.port(), source});
      say_hello(to.back());
    }
  };
  auto how = to(doctor, shared);
  how.meddle = only(frame_type::verifier, [&](bytes&) {
    // Since her request all the others have spoken, and then others want places.
    crowd(beside, 7, shared);
    for (int i = 1; i <= 6; ++i) crowd(newcomers, 1, "127.0.2." + std::to_string(i));
  });
  sign_in(doctor, alice, how);
  CHECK(count_open(newcomers) == 6);
  CHECK(count_open(beside) == 1);
}

TEST_CASE("when all places are taken a newcomer is told busy, and a session keeps its own") {
  doctor_program doctor("ristretto255", {"--handshake-timeout", "1h", "--max-connections", "4"});
  patient_program alice("alice");
  alice.sign_in(doctor);
  std::vector<raw_peer> peers;
  for (int i = 0; i < 4; ++i) {
    peers.emplace_back(raw_peer::way{doctor.port(), "127.0.0." + std::to_string(10 + i)});
    say_hello(peers.back());
  }
  raw_peer fifth({doctor.port(), "127.0.0.20"});
  const auto notice = read_disconnect(fifth.next_frame());
  CHECK(notice.reason == protocol::disconnect_reason::busy);
  CHECK(notice.retry_after_s > 0);
  doctor.command({"broadcast", "who is here", "--wait", "30"});

  peers.pop_back();
  scripted_patient bob("bob", "ristretto255");
  auto how = to(doctor, "127.0.0.20");
  how.invite = doctor.invite("bob");
  const auto give_up = std::chrono::steady_clock::now() + process::patience;
  while (!bob.sign_in(how).is_up()) {  // until the gateway has noticed that one has gone
    REQUIRE(std::chrono::steady_clock::now() < give_up);
  }
}

}  // namespace wardline::test
