#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "tests/system/adversary/wire.hpp"

/// Somebody on the path between the real patient and the real gateway.
namespace wardline::test::adversary {

enum class toward { gateway, patient };

/// Takes connections at a port of its own, one after the other, and passes frames on, of which the
/// test may keep some back, and puts in what the test gives it.
class relay {
 public:
  /// Connects to the gateway from this address.
  relay(std::uint16_t gateway_port, std::string source);
  relay(const relay&) = delete;
  relay& operator=(const relay&) = delete;
  ~relay();

  std::string address() const { return listener_.address(); }

  /// Frames for which it holds are not passed on. Called by other threads.
  using filter = std::function<bool(toward, const arrived&)>;
  void keep_back(filter what);

  /// The next frame that was kept back. Fails the test if none comes.
  arrived next_kept();

  /// Into the connection that stands.
  void inject(toward whom, const octets& frame);

  /// Ends the connection that stands; the next is accepted.
  void cut();

 private:
  struct link;

  void run();
  void pass(link& l, line& in, toward whom);

  listener listener_;
  const std::uint16_t gateway_port_;
  const std::string source_;
  std::mutex mutex_;
  std::condition_variable changed_;
  filter keep_back_;
  std::vector<arrived> kept_;
  std::shared_ptr<link> current_;
  bool is_over_ = false;
  std::thread acceptor_;
};

}  // namespace wardline::test::adversary
