#pragma once

#include <string>
#include <vector>

#include "protocol/wire/frame.hpp"

namespace wardline::test {

/// A frame as it can arrive: its type, and whether it is marked protected.
struct frame_kind {
  protocol::frame_type type;
  bool is_protected;

  friend bool operator==(const frame_kind&, const frame_kind&) = default;
};

/// All that decode_frame lets through: the types of section 5, DISCONNECT in both forms.
inline const std::vector<frame_kind>& all_frame_kinds() {
  using t = protocol::frame_type;
  static const std::vector<frame_kind> kinds{
      {t::hello, false},           {t::identity, false}, {t::auth_request, false},
      {t::auth_response, false},   {t::verifier, false}, {t::resume_request, false},
      {t::resume_response, false}, {t::waiting, false},  {t::check, true},
      {t::session_token, true},    {t::group_key, true}, {t::direct, true},
      {t::broadcast, false},       {t::receipt, true},   {t::disconnect, false},
      {t::disconnect, true},
  };
  return kinds;
}

inline std::string describe(const frame_kind& kind) {
  return std::string(kind.is_protected ? "protected " : "") + std::string(name(kind.type));
}

/// A frame of this kind with that body, whatever it is worth.
inline bytes make_frame(const frame_kind& kind, byte_view body) {
  bytes whole;
  append(whole, protocol::make_header(kind.type, kind.is_protected, body.size()));
  append(whole, body);
  return whole;
}

inline bytes body_of(const bytes& whole) {
  return {whole.begin() + protocol::header_size, whole.end()};
}

inline frame_kind kind_of(const bytes& whole) {
  const auto f = protocol::decode_frame(whole, protocol::session_frame_limit);
  return {f.value().type, f.value().is_protected};
}

}  // namespace wardline::test
