#include "doctor/crypto_pool.hpp"

#include <algorithm>

#include <boost/asio/post.hpp>

namespace wardline::doctor {

crypto_pool::crypto_pool(boost::asio::io_context& io, unsigned workers, std::size_t bound)
    : io_(io), bound_(bound) {
  if (workers == 0) workers = std::max(2U, std::thread::hardware_concurrency()) - 1;
  for (unsigned i = 0; i < workers; ++i) threads_.emplace_back([this] { run(); });
}

crypto_pool::~crypto_pool() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (auto& thread : threads_) thread.join();
}

bool crypto_pool::has_room() const {
  const std::lock_guard lock(mutex_);
  return sign_ins_.size() < bound_;
}

bool crypto_pool::submit(lane where, std::unique_ptr<protocol::computation> work, done on_done) {
  {
    const std::lock_guard lock(mutex_);
    if (where == lane::sign_in && sign_ins_.size() >= bound_) return false;
    auto& queue = where == lane::delivery ? deliveries_ : sign_ins_;
    queue.push_back({std::move(work), std::move(on_done)});
  }
  changed_.notify_one();
  return true;
}

void crypto_pool::run() {
  for (;;) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return stopping_ || !deliveries_.empty() || !sign_ins_.empty(); });
    if (stopping_) return;
    auto& queue = deliveries_.empty() ? sign_ins_ : deliveries_;
    job next = std::move(queue.front());
    queue.pop_front();
    lock.unlock();

    next.work->run();
    boost::asio::post(io_, [finished = std::move(next)]() mutable {
      finished.on_done(std::move(finished.work));
    });
  }
}

}  // namespace wardline::doctor
