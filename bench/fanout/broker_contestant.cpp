#include "bench/fanout/broker_contestant.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "common/util/error.hpp"

namespace wardline::bench {
namespace {

constexpr auto patience = std::chrono::minutes(1);
// So few are under way at a time that no queue of the server or of the kernel overflows.
constexpr std::size_t batch = 64;
constexpr std::size_t most_losses = 100;  // while connecting

}  // namespace

broker_contestant::broker_contestant(std::unique_ptr<broker> which, bool over_tls)
    : broker_(std::move(which)) {
  if (!over_tls) return;
  certificate_ = make_certificate(certificate_key::p256, "wardline-bench");
  trust_ = tls_context::client(*certificate_);
}

std::string broker_contestant::name() const { return broker_->name() + (trust_ ? " TLS" : ""); }

void broker_contestant::connect(std::size_t n) {
  crowd_.reset();
  links_.clear();
  signed_in_ = under_way_ = pinged_ = losses_ = 0;
  server_.reset();
  server_.emplace(*broker_, certificate_ ? &*certificate_ : nullptr);
  crowd_.emplace([this](std::size_t who, byte_view arrived) { take(who, arrived); },
                 [this](std::size_t who) { lose(who, crowd_->trouble()); });
  connect_one();  // the publisher, alone: if it does not get in, nobody does
  const bool is_first_in = crowd_->run([this] { return signed_in_ == 1 || losses_ > 0; }, patience);
  if (!is_first_in || losses_ > 0) {
    throw failure(fmt::format("{} does not let anybody in{}{}", broker_->program(),
                              trouble_.empty() ? "" : ": ", trouble_));
  }
  const bool are_all_in = crowd_->run(
      [this, n] {
        while (signed_in_ + under_way_ < n + 1 && under_way_ < batch) connect_one();
        return signed_in_ == n + 1 || losses_ > most_losses;
      },
      patience * (1 + n / 2'000));
  if (!are_all_in || losses_ > most_losses) {
    throw failure(fmt::format("{} let only {} of {} in{}{}", broker_->program(), signed_in_ - 1, n,
                              trouble_.empty() ? "" : ": ", trouble_));
  }
  crowd_->run([this] { return pinged_ == signed_in_; }, broker_->ping_after_sign_in());
}

void broker_contestant::connect_one() {
  const auto who = crowd_->connect(server_->port());
  links_.emplace_back().reader = broker_->make_reader();
  ++under_way_;
  if (broker_->speaks_first()) return;
  if (trust_) crowd_->secure(who, *trust_);
  sign_in(who);
}

void broker_contestant::sign_in(std::size_t who) {
  crowd_->send(who, broker_->sign_in(who, who != 0, trust_.has_value()));
}

void broker_contestant::lose(std::size_t who, const std::string& why) {
  if (links_[who].is_signed_in) {
    throw failure(
        fmt::format("{} ended a connection{}{}", broker_->program(), why.empty() ? "" : ": ", why));
  }
  trouble_ = why;
  --under_way_;
  ++losses_;
}

void broker_contestant::take(std::size_t who, byte_view arrived) {
  const auto outcome = links_[who].reader->take(
      arrived, [this, who](const broker_event& event) { handle(who, event); });
  if (outcome || !crowd_->is_open(who)) return;
  crowd_->close(who);
  lose(who, std::string(describe(to_errc(outcome.error()))));
}

void broker_contestant::handle(std::size_t who, const broker_event& event) {
  using kind = broker_event::kind;
  auto& self = links_[who];
  switch (event.what) {
    case kind::greeted:
      if (self.was_greeted) return;  // it has news of itself
      self.was_greeted = true;
      if (trust_) crowd_->secure(who, *trust_);
      sign_in(who);
      return;
    case kind::ponged:
      if (self.is_signed_in) return;
      self.is_signed_in = true;
      --under_way_;
      ++signed_in_;
      return;
    case kind::pinged:
      if (!self.was_pinged) ++pinged_;
      self.was_pinged = true;
      crowd_->send(who, broker_->pong());
      return;
    case kind::message:
      take_message(self, event.payload);
      return;
  }
}

void broker_contestant::take_message(link& receiver, byte_view payload) {
  if (missing_ == 0 || receiver.has_it || !std::ranges::equal(payload, text_)) {
    throw failure(broker_->program() + " delivered what was not sent");
  }
  receiver.has_it = true;
  if (--missing_ == 0) last_ = std::chrono::steady_clock::now();
}

delivery broker_contestant::broadcast(byte_view text) {
  const auto publication = broker_->publication(text);
  for (auto& one : links_) one.has_it = false;
  text_ = text;
  missing_ = signed_in_ - 1;
  const auto cpu_before = server_->used_cpu_us();
  const auto began = std::chrono::steady_clock::now();
  crowd_->send(0, publication);
  const bool is_done = crowd_->run([this] { return missing_ == 0; }, patience);
  const auto cpu_after = server_->used_cpu_us();
  text_ = {};
  if (!is_done) {
    throw failure(fmt::format("{} left {} of {} without the message for a minute",
                              broker_->program(), missing_, signed_in_ - 1));
  }
  return {std::chrono::duration<double, std::milli>(last_ - began).count(), cpu_after - cpu_before};
}

}  // namespace wardline::bench
