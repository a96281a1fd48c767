#include "bench/soak/soak.hpp"

#include <algorithm>
#include <cmath>
#include <iostream>
#include <random>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "bench/harness/gateway.hpp"
#include "bench/harness/patient_crowd.hpp"
#include "bench/harness/sizes.hpp"
#include "bench/report/number.hpp"
#include "bench/soak/account.hpp"

namespace wardline::bench {
namespace {

using steady = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr std::size_t blocks = 50;             // of patients, who come and go together
constexpr std::size_t most_absent = 10;        // blocks
constexpr std::size_t writers_in_a_beat = 20;  // one patient in so many
constexpr std::size_t beats_to_a_broadcast = 5;
constexpr std::size_t text_size = 256;
constexpr double most_growth = 0.03;
constexpr std::chrono::minutes patience{2};

struct pace {
  milliseconds beat;
  int beats_in_a_round;
};

struct state_of_gateway {
  memory_use memory;
  std::size_t files;
};

std::vector<std::string> names_of(const patient_crowd& crowd) {
  std::vector<std::string> out;
  for (const auto& who : crowd.identities()) out.push_back(who.id);
  return out;
}

class soak {
 public:
  soak(const settings& how, crypto::group_id group, std::size_t patients, pace at)
      : pace_(at),
        crowd_(patients, group, std::max<std::size_t>(1, patients / 20)),
        account_(names_of(crowd_)),
        server_(how.doctor, group) {
    server_.enrol(crowd_.identities());
    crowd_.know(server_.identity());
    crowd_.listen({[this](auto who, const auto& m) { account_.decrypted(who, m); },
                   [this](auto who, const auto& m) { account_.receipted(who, m); }});
    server_.listen([this](const std::string& line) { account_.shown(line); });
    server_.start();
  }

  /// Everybody has been there, gone and come back, has had a broadcast and written a message.
  void warm_up() {
    sign_in(0, crowd_.size(), sign_in_way::full);
    broadcast();
    for (std::size_t who = 0; who < crowd_.size(); ++who) write(who);
    await_settled();
    crowd_.close_all();
    server_.settle();
    sign_in(0, crowd_.size(), sign_in_way::by_ticket);
    round();
  }

  /// Comings and goings, and then all are back and everything has arrived.
  state_of_gateway round() {
    const auto began = steady::now();
    for (int beat = 1; beat <= pace_.beats_in_a_round; ++beat) {
      write_some();
      if (++beats_ % beats_to_a_broadcast == 0) broadcast();
      come_and_go();  // with what is under way
      const auto until = began + beat * pace_.beat;
      crowd_.run([&] { return steady::now() >= until; },
                 std::max(milliseconds(1), std::chrono::ceil<milliseconds>(until - steady::now())));
    }
    while (!absent_.empty()) come_back(0);
    await_settled();
    server_.settle();
    return {server_.memory(), open_files()};
  }

  std::size_t in_session() const { return crowd_.in_session(); }
  account::counts counts() const { return account_.now(); }

  std::vector<std::string> find_wrong() {
    server_.kill();  // what it has answered must be on disk
    auto out = account_.find_wrong(server_.directory());
    for (const auto& [cause, count] : crowd_.troubles())
      out.push_back(fmt::format("{} times in a session: {}", count, cause));
    return out;
  }

 private:
  // What the gateway is about to close, an operator's connection most of all, is no leak.
  std::size_t open_files() {
    auto least = server_.open_files();
    for (int look = 0; look < 5; ++look) {
      crowd_.run([] { return false; }, milliseconds(20));
      least = std::min(least, server_.open_files());
    }
    return least;
  }

  std::size_t first_of(std::size_t block) const { return crowd_.size() * block / blocks; }

  std::size_t any(std::size_t below) {
    return std::uniform_int_distribution<std::size_t>(0, below - 1)(lots_);
  }

  void sign_in(std::size_t first, std::size_t count, sign_in_way how) {
    patient_crowd::sign_in_plan plan{server_.port(), how, first, count};
    plan.patience = patience;
    const auto result = crowd_.sign_in(plan);
    if (result.established < count)
      throw failure(fmt::format("{} of {} patients did not get in ({})", count - result.established,
                                count, result.failures.begin()->first));
    for (auto who = first; who < first + count; ++who)
      for (const auto& content : account_.unreceipted(who)) crowd_.write(who, content);
  }

  // One block leaves, without a word, and one comes back.
  void come_and_go() {
    if (absent_.size() < most_absent) {
      const auto block = any(blocks);
      if (std::find(absent_.begin(), absent_.end(), block) == absent_.end()) {
        absent_.push_back(block);
        for (auto who = first_of(block); who < first_of(block + 1); ++who) crowd_.close(who);
      }
    }
    if (any(most_absent) < absent_.size()) come_back(any(absent_.size()));
  }

  void come_back(std::size_t which) {
    const auto block = absent_[which];
    absent_.erase(absent_.begin() + static_cast<std::ptrdiff_t>(which));
    sign_in(first_of(block), first_of(block + 1) - first_of(block), sign_in_way::by_ticket);
  }

  void write_some() {
    for (std::size_t i = 0; i < std::max<std::size_t>(1, crowd_.size() / writers_in_a_beat); ++i) {
      const auto who = any(crowd_.size());
      if (crowd_.patient(who).is_in_session()) write(who);
    }
  }

  void write(std::size_t who) {
    const protocol::content content{
        random_.make<protocol::message_id>(), time_.now(),          0, protocol::content_type::text,
        protocol::priority::routine,          bytes(text_size, 'p')};
    account_.written(who, content);
    crowd_.write(who, content);
  }

  void broadcast() {
    const auto answer = server_.ask(doctor::control::broadcast_request{
        std::string(text_size, 'd'), protocol::priority::emergency, false, {}});
    account_.accepted(answer.at("message_id"));
  }

  void await_settled() {
    if (!crowd_.run([&] { return account_.is_settled(); }, patience)) {
      const auto have = account_.now();
      throw failure(
          fmt::format("{} of {} deliveries, {} receipts for them, and of {} messages {} "
                      "kept, {} receipted, and nothing more comes",
                      have.delivered, have.broadcasts * crowd_.size(), have.receipts, have.written,
                      have.kept, have.receipted));
    }
  }

  const pace pace_;
  system_clock time_;
  crypto::system_random random_;
  std::mt19937_64 lots_{1};  // the same comings and goings each time
  std::size_t beats_ = 0;
  std::vector<std::size_t> absent_;
  patient_crowd crowd_;
  account account_;
  gateway server_;
};

constexpr std::string_view heading =
    "minute  sessions  resident KiB  Pss KiB  files  sign-ins  broadcasts  delivered  again  "
    "receipts  written    kept  receipted\n";

void print(std::size_t round, std::size_t sessions, const state_of_gateway& s,
           const account::counts& c) {
  std::cout << fmt::format(
                   "{:>6}  {:>8}  {:>12}  {:>7}  {:>5}  {:>8}  {:>10}  {:>9}  {:>5}  {:>8}"
                   "  {:>7}  {:>6}  {:>9}\n",
                   round, sessions, s.memory.resident / 1024, s.memory.proportional / 1024, s.files,
                   c.sign_ins, c.broadcasts, c.delivered, c.again, c.receipts, c.written, c.kept,
                   c.receipted)
            << std::flush;
}

void measure(const settings& how, report& out, std::size_t patients) {
  const auto group = how.group.value_or(crypto::group_id::ristretto255);
  const pace at = how.quick ? pace{milliseconds(100), 20} : pace{milliseconds(1000), 60};
  soak all(how, group, patients, at);
  how.progress("everybody comes for the first time");
  all.warm_up();
  std::cout << heading;
  std::vector<state_of_gateway> states;
  for (std::size_t i = 1; i <= how.repetitions.value_or(how.quick ? 3U : 10U); ++i) {
    states.push_back(all.round());
    print(i, all.in_session(), states.back(), all.counts());
  }

  auto wrong = all.find_wrong();
  const auto& first = states.front();
  const auto& last = states.back();
  if (last.files != first.files)
    wrong.push_back(fmt::format("{} descriptors were open, and then {}", first.files, last.files));
  const double growth =
      static_cast<double>(last.memory.resident) / static_cast<double>(first.memory.resident) - 1;
  if (!how.quick && std::abs(growth) > most_growth)
    wrong.push_back(fmt::format("resident memory is another by {:.1f} %", 100 * growth));
  if (!wrong.empty()) {
    std::string sentences;
    for (const auto& one : wrong) sentences += (sentences.empty() ? "" : "; ") + one;
    throw failure(sentences);
  }
  const auto add = [&](const std::string& what, const std::string& unit, auto of) {
    row r{{"soak", std::string(crypto::name(group)), what, patients, "patients", unit},
          std::string(ours),
          {}};
    for (const auto& s : states) r.samples.push_back(static_cast<double>(of(s)));
    out.add(std::move(r));
  };
  add("resident memory", "B", [](const auto& s) { return s.memory.resident; });
  add("open descriptors", "1", [](const auto& s) { return s.files; });
  const auto c = all.counts();
  out.remark(fmt::format(
      "soak: {} broadcasts to {} patients each delivered and receipted, {} messages of patients "
      "each kept once and receipted, {} sign-ins; resident memory {:+.2f} % from the first minute "
      "to the last",
      count_text(c.broadcasts), count_text(patients), count_text(c.written), count_text(c.sign_ins),
      100 * growth));
}

}  // namespace

void run_soak(const settings& how, report& out) {
  for (const auto patients : sizes_that_fit(how, {2'000}, {50}, 1, out))
    measure(how, out, patients);
}

}  // namespace wardline::bench
