#pragma once

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

  template <class Self, class Codec>
  static void fields(Self& m, Codec& c) {
    c.fixed(m.id);
    c.u64(m.created);
    c.u64(m.expires);
    c.choice(m.type, content_type::text, content_type::redelivered_broadcast);
    c.choice(m.priority, priority::routine, priority::emergency);
    c.template opaque<max_content_body>(m.body);
    c.require(!m.is_text() || is_utf8(m.body));  // "Types 1, 3 and 4 are UTF-8, checked"
  }
};

}  // namespace wardline::protocol
