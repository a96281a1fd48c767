#pragma once

#include "protocol/message/broadcast.hpp"
#include "protocol/message/check.hpp"
#include "protocol/message/content.hpp"
#include "protocol/message/disconnect.hpp"
#include "protocol/message/group_key.hpp"
#include "protocol/message/invite.hpp"
#include "protocol/message/receipt.hpp"
#include "protocol/message/resume.hpp"
#include "protocol/message/session_token.hpp"
#include "protocol/message/verifier.hpp"
#include "tests/support/property.hpp"

/// Every message that there can be, for use inside a property. Each field is any value that the
/// specification allows it; sizes lean to small, and reach the bounds.
namespace wardline::test {

template <class T>
T any() {
  return *rc::gen::arbitrary<T>();
}

template <std::size_t N>
secret<N> any_secret() {
  byte_array<N> out{};
  const auto value = *bytes_of(N);
  std::copy(value.begin(), value.end(), out.begin());
  return secret<N>(out);
}

/// A size from 0 to `most`: small ones, any, and the bound itself.
inline std::size_t any_size(std::size_t most) {
  return *rc::gen::weightedOneOf<std::size_t>(
      {{6, rc::gen::inRange<std::size_t>(0, std::min<std::size_t>(most, 40) + 1)},
       {1, rc::gen::inRange<std::size_t>(0, most + 1)},
       {1, rc::gen::just(most)}});
}

/// Bytes of such a size. Large ones repeat a few, which costs RapidCheck less.
inline bytes any_bytes(std::size_t most) {
  const auto size = any_size(most);
  if (size <= 64) return *bytes_of(size);
  const auto part = *bytes_of(61);
  bytes out(size);
  for (std::size_t i = 0; i < size; ++i) out[i] = part[i % part.size()];
  return out;
}

template <class Message>
Message any_message() = delete;

template <>
inline protocol::check any_message() {
  return {any<bool>(), any<std::uint64_t>(), any<std::uint32_t>(), any<std::uint32_t>(),
          any<std::uint64_t>()};
}

/// Of one of these types.
inline protocol::content any_content(std::initializer_list<protocol::content_type> types,
                                     std::size_t most = protocol::max_content_body) {
  protocol::content out{};
  out.id = any<protocol::message_id>();
  out.created = any<unix_ms>();
  out.expires = any<unix_ms>();
  out.type = *rc::gen::elementOf(std::vector<protocol::content_type>(types));
  out.priority = static_cast<protocol::priority>(*rc::gen::inRange(0, 3));
  if (!out.has_text()) {
    out.body = any_bytes(most);
    return out;
  }
  if (out.is_amendment()) {
    // About another message, and a correction says something.
    auto about = any<protocol::message_id>();
    if (about == out.id) about.value[0] ^= 1;
    append(out.body, about.view());
  }
  auto text = *text_up_to(200);
  if (out.type == protocol::content_type::correction && text.empty()) text = "x";
  append(out.body, as_bytes(text));
  if (!text.empty() && *rc::gen::inRange(0, 40) == 0) out.body.resize(most, 'x');
  return out;
}

template <>
inline protocol::content any_message() {
  using enum protocol::content_type;
  return any_content({text, vitals, consultation_request, consultation_answer,
                      redelivered_broadcast, correction, cancellation});
}

template <>
inline protocol::disconnect any_message() {
  return {static_cast<protocol::disconnect_reason>(any<std::uint16_t>()), any<std::uint32_t>(),
          *text_up_to(protocol::max_disconnect_text)};
}

template <>
inline protocol::group_key any_message() {
  return {any<std::uint32_t>(), any<std::uint32_t>(), any<std::uint64_t>(), any_secret<32>()};
}

template <>
inline protocol::receipt any_message() {
  return {any<protocol::message_id>(), any<unix_ms>(),
          any<bool>() ? protocol::receipt_state::acknowledged : protocol::receipt_state::decrypted,
          any<protocol::receipt_proof>()};
}

template <>
inline protocol::resume_request any_message() {
  return {any_bytes(protocol::max_token), any<unix_ms>(), any<protocol::handshake_nonce>(),
          any<protocol::binder_mac>()};
}

template <>
inline protocol::resume_response any_message() {
  return {any<unix_ms>(), any<protocol::handshake_nonce>(), any<protocol::resume_mac>()};
}

template <>
inline protocol::session_token any_message() {
  return {any_bytes(protocol::max_token), any<protocol::token_nonce>(), any<unix_ms>(),
          any<protocol::scopes>(), any<std::uint16_t>()};
}

template <>
inline protocol::verifier any_message() {
  return {any<unix_ms>(), any<protocol::verifier_mac>()};
}

template <>
inline protocol::invite any_message() {
  static const std::string letters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._:";
  const auto size = std::max<std::size_t>(1, any_size(protocol::max_host));
  auto host = *rc::gen::container<std::string>(size, rc::gen::elementOf(letters));
  return {std::move(host),
          static_cast<std::uint16_t>(*rc::gen::inRange(1, 0x10000)),
          any<crypto::fingerprint>(),
          *any_id(),
          any<unix_ms>(),
          any_secret<16>()};
}

/// A broadcast that has been opened; the signature is any bytes.
inline protocol::signed_broadcast any_broadcast() {
  using enum protocol::content_type;
  protocol::signed_broadcast out{};
  out.position = {any<std::uint32_t>(), any<std::uint32_t>(), any<std::uint64_t>()};
  out.content =
      any_content({text, consultation_request, consultation_answer, correction, cancellation},
                  protocol::max_broadcast_body);
  out.encoded_content = protocol::encode(out.content);
  out.signature = any_bytes(protocol::max_signature);
  return out;
}

}  // namespace wardline::test
