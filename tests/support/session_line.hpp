#pragma once

#include <functional>
#include <optional>

#include "protocol/session/secure_channel.hpp"
#include "protocol/wire/codec.hpp"
#include "tests/support/raw_peer.hpp"

namespace wardline::test {

/// The type of a frame; fails the test if `whole` is none.
protocol::frame_type type_of(byte_view whole);

/// What a test does to a frame before it is sent. Emptied, it is not sent at all.
using meddler = std::function<void(bytes& whole)>;

/// Does it to the frames of one type and leaves the others.
meddler only(protocol::frame_type type, meddler then);

inline void flip_last_bit(bytes& whole) { whole.back() ^= 1U; }

/// A connection with the keys of a session over it, once there is one; for either end.
class session_line {
 public:
  explicit session_line(raw_peer connected) : peer(std::move(connected)) {}

  raw_peer peer;
  std::optional<protocol::secure_channel> channel;

  /// The next protected frame, for the test to do with as it likes.
  bytes seal(protocol::frame_type type, byte_view plaintext);

  void send(protocol::frame_type type, byte_view plaintext) { peer.send(seal(type, plaintext)); }
  template <class Message>
  requires requires(const Message& m, protocol::writer& w) { Message::fields(m, w); }
  void send(protocol::frame_type type, const Message& m) {
    send(type, protocol::encode_secret(m).view());
  }

  struct arrived {
    protocol::frame_type type;
    bool is_protected;
    bytes content;  ///< opened if it was protected, otherwise the body
    bytes whole;
  };

  /// The next frame; nothing at the end. Fails the test if a protected one does not open.
  std::optional<arrived> next();

  /// The next frame of this type. Others are passed over; if the end comes first the test fails.
  arrived await(protocol::frame_type type);
  template <class Message>
  Message await(protocol::frame_type type) {
    return must_decode<Message>(await(type).content);
  }

  /// The same, and `fits` holds for it.
  template <class Message>
  Message await(protocol::frame_type type, const std::function<bool(const Message&)>& fits) {
    for (;;) {
      auto m = await<Message>(type);
      if (fits(m)) return m;
    }
  }

  template <class Message>
  static Message must_decode(byte_view content) {
    return protocol::decode<Message>(content).value();  // throws if not
  }
};

}  // namespace wardline::test
