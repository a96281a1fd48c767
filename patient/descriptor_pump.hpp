#pragma once

#include <functional>
#include <unistd.h>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

namespace wardline::patient {

/// Calls back whenever a descriptor is readable, which belongs to somebody else: it owns one of its
/// own for the same.
class descriptor_pump {
 public:
  descriptor_pump(boost::asio::io_context& io, int descriptor, std::function<void()> readable)
      : readable_(std::move(readable)), descriptor_(io, ::dup(descriptor)) {
    wait();
  }
  void stop() { descriptor_.close(); }

 private:
  void wait() {
    descriptor_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                           [this](const boost::system::error_code& ec) {
                             if (ec || !descriptor_.is_open()) return;
                             readable_();
                             if (descriptor_.is_open()) wait();
                           });
  }

  std::function<void()> readable_;
  boost::asio::posix::stream_descriptor descriptor_;
};

}  // namespace wardline::patient
