#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "protocol/handshake/computation.hpp"

namespace wardline::doctor {

/// A few threads for the exponentiations of sign-ins, so that they never hold up the I/O thread.
class crypto_pool {
 public:
  using done = std::function<void(std::unique_ptr<protocol::computation>)>;

  /// `workers` 0: as many as there are processors, less one for I/O, at least one. `bound`: how
  /// many computations may wait.
  crypto_pool(boost::asio::io_context& io, unsigned workers, std::size_t bound);
  ~crypto_pool();

  bool has_room() const;

  /// Runs `work` on a worker and then `on_done` on the I/O thread. False, and nothing happens, if
  /// too many wait. What has not begun when the pool is destroyed never runs.
  bool submit(std::unique_ptr<protocol::computation> work, done on_done);

 private:
  struct job {
    std::unique_ptr<protocol::computation> work;
    done on_done;
  };
  void run();

  boost::asio::io_context& io_;
  const std::size_t bound_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<job> waiting_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace wardline::doctor
