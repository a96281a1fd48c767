#include "tests/protocol/handshake/frame_layout.hpp"

#include <stdexcept>

namespace wardline::test {

using protocol::frame_type;

namespace {

// Which bytes of the timestamp are worth more than the window depends on the bit: within it the
// change is noticed by the MAC or the seal.
std::vector<piece> timestamp(errc otherwise) {
  return {{6, {errc::clock_skew}}, {1, {errc::clock_skew, otherwise}}, {1, {otherwise}}};
}

constexpr std::size_t rest = SIZE_MAX;

}  // namespace

std::string text_of(const causes& any) {
  std::string text;
  for (const auto e : any) text += std::string(name(e)) + " ";
  return text;
}

std::vector<piece> layout_of(frame_type type, const crypto::suite& group) {
  const auto element = group.element_size();
  const auto failed = errc::authentication_failed;
  // A flipped bit may make another frame of the header, which is then one too many.
  std::vector<piece> layout{{8, {errc::protocol_error}}};
  const auto add = [&](std::vector<piece> more) {
    layout.insert(layout.end(), more.begin(), more.end());
  };
  switch (type) {
    case frame_type::hello:
      break;
    case frame_type::identity:
      // Role and group; the length of the id and the id (another alphabet, other bounds, or another
      // id, which was not signed); the keys; the time, the signature's length and the signature.
      add({{2, {errc::invalid_encoding, errc::invalid_element, failed}},
           {5, {errc::invalid_encoding, errc::invalid_element, errc::invalid_signature}},
           {2 * element, {errc::invalid_element, errc::invalid_signature}},
           {8, {errc::invalid_signature}},
           {2, {errc::invalid_encoding}},
           {rest, {errc::invalid_signature}}});
      break;
    case frame_type::auth_request:
      add({{9, {errc::wrong_doctor}}});
      add(timestamp(failed));
      add({{32, {failed}},
           {element, {errc::invalid_element, failed}},
           {2, {errc::invalid_encoding}},
           {rest, {failed}}});
      break;
    case frame_type::auth_response:
      add(timestamp(failed));
      add({{32, {failed}},
           {element, {errc::invalid_element, failed}},
           {2, {errc::invalid_encoding}},
           {rest, {failed}}});
      break;
    case frame_type::verifier:
      add(timestamp(errc::wrong_verifier));
      add({{rest, {errc::wrong_verifier}}});
      break;
    case frame_type::resume_request:
      add({{2, {errc::invalid_encoding}}, {32, {errc::token_refused}}});
      add(timestamp(errc::token_refused));
      add({{rest, {errc::token_refused}}});
      break;
    case frame_type::resume_response:
      add(timestamp(failed));
      add({{rest, {failed}}});
      break;
    case frame_type::waiting:
    case frame_type::session_token:
      add({{rest, {errc::invalid_tag}}});
      break;
    default:
      throw std::logic_error("no end of a handshake sends this");
  }
  return layout;
}

const causes& ends_with(const std::vector<piece>& layout, std::size_t at) {
  for (const auto& p : layout) {
    if (at < p.size) return p.ends_with;
    at -= p.size;
  }
  throw std::logic_error("the layout is shorter than the frame");
}

}  // namespace wardline::test
