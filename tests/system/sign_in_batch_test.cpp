// Sign-ins that reach the gateway in one turn of its loop are committed together: each is told what
// it would be told alone, and nobody before it is on disk.
#include <csignal>
#include <deque>
#include <fstream>
#include <thread>

#include "common/crypto/random.hpp"
#include "doctor/identity_file.hpp"
#include "doctor/records/records.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/no_disk.hpp"
#include "tests/support/scripted_patient.hpp"
#include "tests/system/programs.hpp"

namespace wardline::test {
namespace {

using protocol::disconnect_reason;
using protocol::frame_type;

constexpr auto group = crypto::group_id::ristretto255;
constexpr milliseconds any_time{24 * 3'600'000};

/// A patient whose sign-in the test takes frame by frame.
class caller {
 public:
  caller(const std::string& id, const crypto::identity& doctor)
      : caller(crypto::system_random().make_secret<32>(), id, doctor) {}

  /// The same patient once more.
  explicit caller(const caller& other)
      : caller(other.seed_.clone(), other.self().id, other.doctor_) {}
  caller& operator=(const caller&) = delete;

  const crypto::identity& self() const { return self_.public_part(); }

  /// A new connection and its first frame: a resumption if there is a ticket.
  void knock(const doctor_program& doctor) {
    protocol::known_doctor known;
    known.identity = doctor_;
    known.ticket = std::exchange(ticket, std::nullopt);
    machine_.emplace(context_, std::move(known));
    line_.emplace(raw_peer::way{doctor.port()});
    is_in = false;
    told.reset();
    take(machine_->start());
    go_on();
  }

  /// Hears one frame. What is to be answered is said by `go_on`.
  void hear() {
    const auto whole = line_->next_frame();
    REQUIRE(whole.has_value());
    take(machine_->on_frame(protocol::decode_frame(*whole, 65'536).value()));
  }

  void go_on() {
    for (const auto& frame : std::exchange(to_say_, {})) line_->send(frame);
  }
  void spoil() { flip_last_bit(to_say_.back()); }

  void sign_in(const doctor_program& doctor) {
    knock(doctor);
    hear();
    go_on();
    hear();
  }
  void leave() { line_.reset(); }

  std::optional<protocol::resumption_ticket> ticket;
  protocol::resumption_ticket copy_ticket() const {
    return {ticket->token, ticket->secret.clone(), ticket->expires};
  }
  bool is_in = false;
  bool was_resumed = false;
  std::optional<disconnect_reason> told;

 private:
  void take(protocol::patient_step step) {
    for (auto& frame : step.send) to_say_.push_back(std::move(frame));
    if (step.established) {
      is_in = true;
      was_resumed = step.established->resumed;
      ticket = std::move(step.established->ticket);
    }
    if (step.close && step.close->notice) told = step.close->notice->reason;
  }

  caller(secret<32> seed, const std::string& id, const crypto::identity& doctor)
      : seed_(std::move(seed)),
        self_(seed_.clone(), crypto::role::patient, group, id),
        context_{self_, time_, random_, any_time},
        doctor_(doctor) {}

  system_clock time_;
  crypto::system_random random_;
  secret<32> seed_;
  crypto::own_identity self_;
  protocol::patient_context context_;
  crypto::identity doctor_;
  std::optional<protocol::patient_handshake> machine_;
  std::optional<raw_peer> line_;
  std::vector<bytes> to_say_;
};

/// As long as this lives the gateway does nothing: what it is sent it finds all at once.
class standstill {
 public:
  explicit standstill(doctor_program& doctor) : of_(doctor.events().program()) {
    of_.signal(SIGSTOP);
    while (state() != 'T') std::this_thread::yield();
  }
  standstill(const standstill&) = delete;
  standstill& operator=(const standstill&) = delete;
  ~standstill() { of_.signal(SIGCONT); }

 private:
  char state() const {
    std::ifstream in("/proc/" + std::to_string(of_.id()) + "/stat");
    std::string line;
    std::getline(in, line);
    return line.at(line.rfind(')') + 2);
  }

  process& of_;
};

/// A gateway, and callers who are enrolled and have been there once: they have tickets.
struct called {
  explicit called(std::size_t n) : doctor("ristretto255") {
    doctor.stop();
    crypto::system_random random;
    const auto self =
        doctor::open_identity(doctor.data_directory(), "dr-lee", std::nullopt, group, random);
    {
      doctor::records kept(doctor.data_directory(), random);
      for (std::size_t i = 0; i < n; ++i) {
        auto& c = callers.emplace_back("p" + std::to_string(i), self.public_part());
        kept.patients.enrol(c.self(), protocol::scope::all, system_clock().now());
      }
    }
    doctor.start();
    for (auto& c : callers) {
      c.sign_in(doctor);
      REQUIRE(c.is_in);
      c.leave();
    }
    for (std::size_t i = 0; i < n; ++i) doctor.events().await("patient_disconnected");
  }

  /// Does it to each caller, so that the gateway finds all of it at once, or one after the other.
  template <class Do, class Hear>
  void each(bool together, Do what, Hear hear) {
    if (!together) {
      for (auto& c : callers) {
        what(c);
        hear(c);
      }
      return;
    }
    {
      const standstill all_at_once(doctor);
      for (auto& c : callers) what(c);
    }
    for (auto& c : callers) hear(c);
  }

  void knock(bool together = true) {
    each(
        together, [&](caller& c) { c.knock(doctor); }, [](caller& c) { c.hear(); });
  }

  void go_on(bool together = true) {
    each(
        together, [](caller& c) { c.go_on(); },
        [](caller& c) {
          if (!c.told) c.hear();
        });
  }

  /// Transactions since the database was opened last: those frames of its log that end one.
  std::size_t commits() const {
    std::ifstream in(doctor.data_directory() + "/doctor.db-wal", std::ios::binary);
    const std::string log{std::istreambuf_iterator<char>(in), {}};
    constexpr std::size_t frame_size = 24 + 4096;
    std::size_t out = 0;
    for (std::size_t at = 32; at + frame_size <= log.size(); at += frame_size)
      out += log.substr(at + 4, 4) != std::string(4, '\0') ? 1U : 0U;
    return out;
  }

  std::size_t tokens() const {
    crypto::system_random random;
    doctor::records kept(doctor.data_directory(), random);
    return kept.database()
        .prepare("SELECT count(*) FROM tokens")
        .first([](const store::row& r) { return r.get<std::size_t>(0); })
        .value();
  }

  doctor_program doctor;
  std::deque<caller> callers;
};

struct outcome {
  std::vector<std::string> told;
  std::vector<std::string> audited;
  bool operator==(const outcome&) const = default;
};

/// Twelve come back, two of them with one ticket, one whom the operator has blocked and one whom he
/// blocks while they sign in.
outcome come_back(bool together) {
  called all(12);
  all.doctor.command({"block", "p3"});
  all.callers[6].ticket = all.callers[5].copy_ticket();
  const auto before = all.doctor.command({"audit"}).size();
  const auto commits = all.commits();

  all.knock(together);
  all.doctor.command({"block", "p8"});
  all.go_on(together);

  const auto needed = all.commits() - commits;
  CAPTURE(needed);
  CHECK((together ? needed < 10 : needed > 20));
  outcome out;
  for (const auto& c : all.callers) {
    out.told.emplace_back(c.told ? protocol::name(*c.told) : c.is_in ? "in" : "nothing");
  }
  const auto log = all.doctor.command({"audit"});
  for (std::size_t i = before; i < log.size(); ++i) {
    const auto& r = log[i];
    if (r.at("event") == "signed_in" || r.at("event") == "sign_in_failed") {
      out.audited.push_back(r.at("event").get<std::string>() + ' ' + r.at("whom").dump() +
                            r.at("result").dump() + r.at("reason").dump());
    }
  }
  CHECK(all.doctor.command({"audit", "verify"}).at("verified") == true);
  return out;
}

}  // namespace

TEST_CASE("who signs in together with others is told, and recorded, as if alone") {
  const auto together = come_back(true);
  CHECK(together.told == std::vector<std::string>{"in", "in", "in", "token_refused", "in", "in",
                                                  "token_refused", "in", "refused", "in", "in",
                                                  "in"});
  const auto alone = come_back(false);
  CHECK(together.told == alone.told);
  CHECK(together.audited.size() >= 11);
  CHECK(together.audited == alone.audited);
}

TEST_CASE("a batch that the disk does not take spends no token and lets nobody in") {
  called all(8);
  std::vector<protocol::resumption_ticket> tickets;
  for (const auto& c : all.callers) tickets.push_back(c.copy_ticket());
  {
    const no_disk full(all.doctor.events().program().id());
    all.knock();
    for (const auto& c : all.callers) CHECK(c.told == disconnect_reason::busy);
  }
  for (std::size_t i = 0; i < tickets.size(); ++i) all.callers[i].ticket = std::move(tickets[i]);
  all.knock();
  {
    const no_disk full(all.doctor.events().program().id());
    all.go_on();
    for (const auto& c : all.callers) {
      CHECK(c.told == disconnect_reason::busy);
      CHECK_FALSE(c.is_in);
    }
    CHECK(all.doctor.command({"status"}).at("connected") == 0);
  }
  all.doctor.stop(false);
  CHECK(all.tokens() == 0);
  all.doctor.start();
  for (auto& c : all.callers) {
    c.sign_in(all.doctor);
    CHECK(c.is_in);
  }
}

TEST_CASE("a row that is damaged keeps out the patient whose it is and nobody else") {
  called all(6);
  all.doctor.stop();
  {
    crypto::system_random random;
    doctor::records kept(all.doctor.data_directory(), random);
    kept.database().execute("UPDATE tokens SET secret = zeroblob(48) WHERE patient = 'p2'");
  }
  all.doctor.start();
  all.knock();
  all.go_on();
  for (auto& c : all.callers) {
    CHECK(c.is_in == (c.self().id != "p2"));
    CHECK((c.is_in || c.told == disconnect_reason::busy));
  }
}

TEST_CASE("whom a killed gateway has told that the session is up can come back by that token") {
  called all(16);
  for (std::size_t heard = 1; heard <= 16; heard += 5) {
    CAPTURE(heard);
    all.knock();
    {
      const standstill all_at_once(all.doctor);
      for (auto& c : all.callers) c.go_on();
    }
    for (std::size_t i = 0; i < heard; ++i) all.callers[i].hear();
    all.doctor.restart(false);
    for (std::size_t i = 0; i < heard; ++i) {
      REQUIRE(all.callers[i].is_in);
      all.callers[i].sign_in(all.doctor);
      CHECK(all.callers[i].was_resumed);
    }
    for (std::size_t i = heard; i < 16; ++i) all.callers[i].sign_in(all.doctor);
  }
}

TEST_CASE("the third wrong verifier blocks the key also for who comes in the same turn") {
  called all(2);
  std::deque<caller> same;
  auto& alice = all.callers[0];
  // Four connections of one patient, each as far as the verifier, and one of another's behind them.
  for (int i = 0; i < 4; ++i) {
    auto& c = same.emplace_back(alice);
    c.knock(all.doctor);
    c.hear();
    if (i < 3) c.spoil();
  }
  auto& bob = all.callers[1];
  bob.knock(all.doctor);
  bob.hear();
  {
    const standstill all_at_once(all.doctor);
    for (auto& c : same) c.go_on();
    bob.go_on();
  }
  for (auto& c : same) {
    c.hear();
    CHECK(c.told == disconnect_reason::refused);
    CHECK_FALSE(c.is_in);
  }
  bob.hear();
  CHECK(bob.is_in);
  CHECK(all.doctor.events().await("blocked").at("id") == "p0");
}

}  // namespace wardline::test
