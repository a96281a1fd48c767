#pragma once

#include <cstddef>
#include <functional>

#include "common/util/bytes.hpp"
#include "common/util/error.hpp"

namespace wardline::bench {

/// What a broker says to a connection, in the words that all brokers have.
struct broker_event {
  enum class kind {
    greeted,  ///< it has introduced itself
    ponged,   ///< it answers our ping: everything we sent before that, it has done
    pinged,   ///< it wants an answer to its own
    message,  ///< somebody's publication
  };
  kind what;
  byte_view payload = {};  ///< of a message; valid while it is told
};

/// The stream that one connection receives from a broker, taken apart.
class broker_reader {
 public:
  using listener = std::function<void(const broker_event&)>;

  virtual ~broker_reader() = default;

  /// Takes what arrives, in whatever pieces, and tells what has become whole. An error is the end
  /// of the connection: `invalid_encoding`, `too_large` (over a packet of 64 KiB),
  /// `protocol_error` (what no broker says to a receiver), `refused` (the broker did not do as it
  /// was asked).
  result<void> take(byte_view arrived, const listener& tell);

 protected:
  static constexpr std::size_t largest_packet = std::size_t{64} << 10U;

  /// Takes one packet from the front: its size, or 0 if it is not whole yet.
  virtual result<std::size_t> take_one(byte_view from, const listener& tell) = 0;

 private:
  bytes held_;  // the beginning of a packet
};

}  // namespace wardline::bench
