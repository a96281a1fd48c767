#include "doctor/sign_in_batch.hpp"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include <boost/asio/post.hpp>

namespace wardline::doctor {

void sign_in_batch::add(std::shared_ptr<connection> who, const protocol::frame& f) {
  due_.push_back({std::move(who), secret_bytes(f.whole), {}, std::nullopt, std::nullopt});
  if (due_.size() == 1 || due_.size() == most) settle_later();
}

void sign_in_batch::settle_later() {
  if (is_posted_) return;
  if (due_.size() < most && std::chrono::steady_clock::now() < earliest_) {
    pause_.expires_at(earliest_);
    pause_.async_wait([this, alive = std::weak_ptr(alive_)](const auto& error) {
      if (!error && !alive.expired()) settle();
    });
    return;
  }
  // Behind whatever else is ready in this turn: more sign-ins, and what is to be written.
  is_posted_ = true;
  pause_.cancel();
  boost::asio::post(io_, [this, alive = std::weak_ptr(alive_)] {
    if (!alive.expired()) settle();
  });
}

void sign_in_batch::settle() {
  is_posted_ = false;
  if (due_.empty()) return;
  const auto count = static_cast<std::ptrdiff_t>(std::min(most, due_.size()));
  std::vector<entry> batch(std::make_move_iterator(due_.begin()),
                           std::make_move_iterator(due_.begin() + count));
  due_.erase(due_.begin(), due_.begin() + count);

  auto end = batch.begin();
  try {
    audit::act whole(records_.audit, records_.database());
    while (end != batch.end()) {
      auto& e = *end++;
      decide(e);
      if (is_refused(e)) break;
    }
    whole.commit();
  } catch (const failure& f) {
    // Nothing of it has happened, and nobody is told otherwise.
    end = batch.end();
    for (auto& e : batch) e.trouble = f;
  }
  if (batch.size() > 1) earliest_ = std::chrono::steady_clock::now() + pause;
  due_.insert(due_.begin(), std::make_move_iterator(end), std::make_move_iterator(batch.end()));
  if (!due_.empty()) settle_later();

  batch.erase(end, batch.end());
  for (auto& e : batch) carry_out(e);
}

// At the end of a sign-in: it is recorded before those behind it, and may block a key, which they
// have to see.
bool sign_in_batch::is_refused(const entry& e) {
  if (e.step.close) return e.step.close->cause == errc::wrong_verifier;
  return e.in && !*e.in;
}

void sign_in_batch::decide(entry& e) {
  if (e.who->has_ended()) return;
  try {
    store::transaction part(records_.database());
    e.step = e.who->decide(e.frame.view());
    if (e.step.established) e.in = sessions_.admit(*e.who, *e.step.established);
    if (!e.in || *e.in) part.commit();
  } catch (const failure& f) {
    // A full disk undoes the others, too; what is wrong with this one's row does not.
    if (!records_.database().in_transaction()) throw;
    e.trouble = f;
  }
}

void sign_in_batch::carry_out(entry& e) {
  connection& c = *e.who;
  c.answer([&] {
    if (e.trouble) return c.give_up(*e.trouble);
    if (e.step.established) {
      return owner_.on_authenticated(c, std::move(*e.step.established), *e.in);
    }
    c.take(std::move(e.step));
  });
}

}  // namespace wardline::doctor
