#include "bench/harness/patient_crowd.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace wardline::bench {
namespace {

using std::chrono::milliseconds;
using steady = std::chrono::steady_clock;

constexpr std::size_t patients_at_one_address = 32;  // Section 10
constexpr std::uint32_t first_address = 0x7F010001;  // 127.1.0.1
constexpr std::size_t begun_in_one_turn = 64;
constexpr std::size_t receipts_in_one_turn = 64;
constexpr unsigned most_attempts = 10;

// What a later attempt cannot mend.
bool is_final(const ending& end) {
  using protocol::disconnect_reason;
  return end.told ? *end.told == disconnect_reason::refused ||
                        *end.told == disconnect_reason::not_admitted ||
                        *end.told == disconnect_reason::protocol_error
                  : end.cause != errc::connection_lost;
}

double ms_between(steady::time_point from, steady::time_point to) {
  return std::chrono::duration<double, std::milli>(to - from).count();
}

std::uint32_t address_of(std::size_t who) {
  return first_address + static_cast<std::uint32_t>(who / patients_at_one_address);
}

}  // namespace

patient_crowd::patient_crowd(std::size_t n, crypto::group_id group, std::size_t verify_one_in,
                             char letter, std::size_t people)
    : people_(std::min(n, people)),
      sockets_(
          [this](std::size_t socket, byte_view data) {
            const auto who = owners_[socket];
            received_bytes_ += data.size();
            members_[who].self.on_bytes(data, reaction_);
            apply(who);
          },
          [this](std::size_t socket) {
            const auto who = owners_[socket];
            members_[who].self.on_closed(reaction_);
            apply(who);
          }) {
  std::vector<secret<32>> seeds;
  for (std::size_t i = 0; i < n; ++i) {
    if (i < people_) seeds.push_back(random_.make_secret<32>());
    members_.emplace_back(crypto::own_identity(seeds[i % people_].clone(), crypto::role::patient,
                                               group, fmt::format("{}{:05}", letter, i % people_)),
                          i % verify_one_in == 0, time_, random_);
  }
}

std::vector<crypto::identity> patient_crowd::identities() const {
  std::vector<crypto::identity> out;
  out.reserve(people_);
  for (std::size_t i = 0; i < people_; ++i) out.push_back(members_[i].self.identity());
  return out;
}

std::size_t patient_crowd::end_of(const sign_in_plan& plan) const {
  return plan.first + std::min(plan.count, size() - std::min(plan.first, size()));
}

void patient_crowd::prepare(const sign_in_plan& plan) {
  for (auto who = plan.first; who < end_of(plan); ++who) {
    close(who);
    members_[who].self.prepare(doctor_, plan.how);
  }
}

patient_crowd::sign_in_result patient_crowd::sign_in(const sign_in_plan& plan) {
  rush all{plan, {}, {}, {}, 0, steady::now(), {}};
  all.last = all.began;
  for (auto who = plan.first; who < end_of(plan); ++who) all.waiting.push_back(who);
  rush_ = &all;
  const auto give_up = all.began + plan.patience;
  while (!all.waiting.empty() || !all.again.empty() || all.under_way > 0) {
    const auto now = steady::now();
    if (now >= give_up) break;
    begin_some();
    const bool has_more = !all.waiting.empty() && all.under_way < plan.at_once;
    auto until = give_up;
    if (has_more) until = now;
    if (!all.again.empty()) until = std::min(until, all.again.begin()->first);
    turn(std::chrono::ceil<milliseconds>(until - now));
  }
  rush_ = nullptr;

  std::size_t late = end_of(plan) - plan.first - all.result.established;
  for (const auto& [cause, count] : all.result.failures) late -= count;
  if (late > 0) all.result.failures["timed_out"] += late;
  for (auto who = plan.first; who < end_of(plan); ++who) {
    if (std::exchange(members_[who].attempts, 0) > 0) close(who);
  }
  all.result.took_ms = ms_between(all.began, all.last);
  return std::move(all.result);
}

void patient_crowd::begin_some() {
  auto& all = *rush_;
  const auto now = steady::now();
  while (!all.again.empty() && all.again.begin()->first <= now) {
    all.waiting.push_front(all.again.begin()->second);
    all.again.erase(all.again.begin());
  }
  for (std::size_t i = 0; i < begun_in_one_turn && !all.waiting.empty(); ++i) {
    if (all.under_way >= all.plan.at_once) return;
    const auto who = all.waiting.front();
    all.waiting.pop_front();
    ++all.under_way;
    begin(who, all.plan.how);
  }
}

void patient_crowd::begin(std::size_t who, sign_in_way how) {
  auto& m = members_[who];
  if (m.socket != no_socket) close(who);
  if (m.attempts++ == 0) {
    m.began = steady::now();
    m.backoff.reset();
  } else {
    ++rush_->result.retries;
  }
  m.socket = sockets_.connect(rush_->plan.port, address_of(who));
  owners_.resize(m.socket + 1);
  owners_[m.socket] = who;
  m.self.start(doctor_, how, reaction_);
  apply(who);
}

void patient_crowd::apply(std::size_t who) {
  auto& m = members_[who];
  const auto news = std::exchange(reaction_, {});
  if (!news.send.empty()) sockets_.send(m.socket, news.send);
  if (news.established) on_established(m, news.was_resumed);
  for (const auto& message : news.decrypted) {
    note_decrypted(message);
    listeners_.decrypted(who, message);
  }
  if (news.owes_receipts) owing_.push_back(who);
  for (const auto& message : news.receipted) listeners_.receipted(who, message);
  for (const auto cause : news.dropped) ++troubles_[std::string(name(cause))];
  if (news.ended) on_ended(who, *news.ended);
}

void patient_crowd::on_established(member& m, bool was_resumed) {
  m.attempts = 0;
  ++in_session_;
  auto& all = *rush_;
  --all.under_way;
  ++all.result.established;
  if (was_resumed) ++all.result.resumed;
  all.last = steady::now();
  all.result.each_ms.push_back(ms_between(m.began, all.last));
}

void patient_crowd::on_ended(std::size_t who, const ending& end) {
  close(who);
  if (end.in_session) {
    ++troubles_[std::string(end.text())];
  } else {
    retry_or_give_up(who, end);
  }
}

void patient_crowd::retry_or_give_up(std::size_t who, const ending& end) {
  auto& m = members_[who];
  auto& all = *rush_;
  --all.under_way;
  if (is_final(end) || m.attempts >= most_attempts) {
    m.attempts = 0;
    ++all.result.failures[std::string(end.text())];
    return;
  }
  // Section 7: "the patient then makes a full handshake on a new connection by itself".
  milliseconds wait{0};
  if (end.told != protocol::disconnect_reason::token_refused) {
    wait = m.backoff.next(end.told ? patient::backoff::hint_cap : patient::backoff::usual_cap,
                          random_);
  }
  all.again.emplace(steady::now() + wait, who);
}

void patient_crowd::note_decrypted(const protocol::message_id& message) {
  const auto count = ++decrypted_[message];
  if (count == 1 || message == newest_.message) newest_ = {message, count, steady::now()};
}

std::size_t patient_crowd::decrypted(const protocol::message_id& message) const {
  const auto found = decrypted_.find(message);
  return found == decrypted_.end() ? 0 : found->second;
}

void patient_crowd::write(std::size_t who, const protocol::content& what) {
  members_[who].self.write(what, reaction_);
  apply(who);
}

bool patient_crowd::run(const std::function<bool()>& done, milliseconds patience) {
  const auto give_up = steady::now() + patience;
  bool is_done = done();
  while (!is_done) {
    const auto left = std::chrono::ceil<milliseconds>(give_up - steady::now());
    if (left.count() <= 0) break;
    turn(left);
    is_done = done();
  }
  answer(owing_.size());
  return is_done;
}

void patient_crowd::turn(milliseconds at_most) {
  const bool was_idle = !sockets_.turn(owing_.empty() ? at_most : milliseconds(0));
  if (was_idle) answer(receipts_in_one_turn);
}

void patient_crowd::answer(std::size_t at_most) {
  for (std::size_t i = 0; i < at_most && !owing_.empty(); ++i) {
    const auto who = owing_.front();
    owing_.pop_front();
    members_[who].self.answer(reaction_);
    apply(who);
  }
}

void patient_crowd::close(std::size_t who) {
  auto& m = members_[who];
  if (m.self.is_in_session()) --in_session_;
  m.self.forget_connection();
  if (m.socket != no_socket) sockets_.close(std::exchange(m.socket, no_socket));
}

void patient_crowd::close_all() {
  for (std::size_t who = 0; who < size(); ++who) close(who);
}

void patient_crowd::stop_reading(std::size_t who) { sockets_.stop_reading(members_[who].socket); }

}  // namespace wardline::bench
