#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "common/util/bytes.hpp"

namespace wardline::bench {

/// One message to everyone, as a contestant did it.
struct delivery {
  double last_ms = 0;  ///< wall time from the order to send until the last one had it, opened
  double cpu_us = 0;   ///< CPU time of the serving process for the whole message, all its threads
};

/// Somebody who delivers one message to N receivers that stay connected. All run in the same
/// harness (`socket_crowd`): N sockets in one epoll loop of this process, the server in a process
/// of its own.
class contestant {
 public:
  virtual ~contestant() = default;
  virtual std::string name() const = 0;  ///< as in the report
  /// Starts the server and connects n receivers, each ready to receive. Throws `failure` (one line
  /// for the reader) if the program is not installed or does not work.
  virtual void connect(std::size_t n) = 0;
  /// Sends `text` to all and returns when the last one has it. Throws `failure` if that fails or
  /// takes more than a minute.
  virtual delivery broadcast(byte_view text) = 0;
};

}  // namespace wardline::bench
