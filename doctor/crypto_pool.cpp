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
  return waiting_.size() < bound_;
}

bool crypto_pool::submit(std::unique_ptr<protocol::computation> work, done on_done) {
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() >= bound_) return false;
    waiting_.push_back({std::move(work), std::move(on_done)});
  }
  changed_.notify_one();
  return true;
}

void crypto_pool::run() {
  for (;;) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    if (stopping_) return;
    job next = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();

    next.work->run();
    boost::asio::post(io_, [finished = std::move(next)]() mutable {
      finished.on_done(std::move(finished.work));
    });
  }
}

}  // namespace wardline::doctor
