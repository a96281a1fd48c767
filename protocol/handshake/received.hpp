#pragma once

#include <utility>

#include "protocol/wire/frame.hpp"

namespace wardline::protocol {

/// A frame whose type is known when the program is compiled, so that a state can say by its
/// overloads of `on` which frames it awaits. A view: it lives as long as the frame's buffer.
template <frame_type Type>
struct received {
  frame in;

  byte_view body() const noexcept { return in.body(); }
};

/// True if `State` says what to do on `Event`. Section 11: "A frame that the state does not name is
/// a protocol error"; the overloads that exist are the table, there is no other.
template <class State, class Event, class Scene>
concept awaits = requires(State state, const Event& event, Scene& scene) {
  std::move(state).on(event, scene);
};

/// Calls `handle` with `f` as the `received` of its type. The types that no handshake knows do not
/// reach a state at all: `otherwise` is called.
template <class Handle, class Otherwise>
auto with_type(const frame& f, Handle&& handle, Otherwise&& otherwise) {
  switch (f.type) {
    case frame_type::hello:
      return handle(received<frame_type::hello>{f});
    case frame_type::identity:
      return handle(received<frame_type::identity>{f});
    case frame_type::auth_request:
      return handle(received<frame_type::auth_request>{f});
    case frame_type::auth_response:
      return handle(received<frame_type::auth_response>{f});
    case frame_type::verifier:
      return handle(received<frame_type::verifier>{f});
    case frame_type::resume_request:
      return handle(received<frame_type::resume_request>{f});
    case frame_type::resume_response:
      return handle(received<frame_type::resume_response>{f});
    case frame_type::waiting:
      return handle(received<frame_type::waiting>{f});
    case frame_type::session_token:
      return handle(received<frame_type::session_token>{f});
    default:
      return otherwise();
  }
}

}  // namespace wardline::protocol
