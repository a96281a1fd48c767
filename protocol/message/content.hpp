#pragma once

#include <optional>
#include <string_view>

#include "common/util/clock.hpp"
#include "common/util/text_encoding.hpp"
#include "protocol/constants.hpp"
#include "protocol/message/ids.hpp"
#include "protocol/wire/codec.hpp"

namespace wardline::protocol {

enum class content_type : byte {
  text = 1,
  vitals = 2,  ///< a CBOR map
  consultation_request = 3,
  consultation_answer = 4,
  redelivered_broadcast = 5,
  correction = 6,    ///< of an earlier message, whose id comes first
  cancellation = 7,  ///< likewise
};

enum class priority : byte { routine = 0, urgent = 1, emergency = 2 };

/// Section 8.
struct content {
  message_id id;
  unix_ms created;
  unix_ms expires;  ///< 0: never
  content_type type;
  protocol::priority priority;
  bytes body;

  bool is_text() const noexcept {
    return type == content_type::text || type == content_type::consultation_request ||
           type == content_type::consultation_answer;
  }

  /// A correction or a cancellation: the body begins with the id of the message that it is about.
  bool is_amendment() const noexcept {
    return type == content_type::correction || type == content_type::cancellation;
  }
  bool is_cancellation() const noexcept { return type == content_type::cancellation; }

  /// The message that an amendment is about; nothing for what is none.
  std::optional<message_id> about() const {
    if (!is_amendment() || body.size() < message_id::size) return std::nullopt;
    return message_id::from(byte_view(body).first(message_id::size));
  }

  /// What people read of it: of an amendment without the id, of what is not text nothing.
  std::string_view text() const noexcept {
    if (is_text()) return as_text(body);
    if (!is_amendment() || body.size() < message_id::size) return {};
    return as_text(byte_view(body).subspan(message_id::size));
  }
  bool has_text() const noexcept { return is_text() || is_amendment(); }

  template <class Self, class Codec>
  static void fields(Self& m, Codec& c) {
    c.fixed(m.id);
    c.u64(m.created);
    c.u64(m.expires);
    c.choice(m.type, content_type::text, content_type::cancellation);
    c.choice(m.priority, priority::routine, priority::emergency);
    c.template opaque<max_content_body>(m.body);
    // "Types 1, 3 and 4 are UTF-8, checked", and so is what an amendment says.
    c.require(!m.has_text() || is_utf8(as_bytes(m.text())));
    c.require(!m.is_amendment() || m.is_sound_amendment());
  }

 private:
  // It is about another message, and a correction says something.
  bool is_sound_amendment() const {
    const auto what = about();
    return what && *what != id && (is_cancellation() || !text().empty());
  }
};

}  // namespace wardline::protocol
