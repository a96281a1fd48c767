#include "doctor/session.hpp"

namespace wardline::doctor {
namespace {

// Section 8: which right a patient's message needs; 0 for one that no patient may send.
protocol::scopes right_for(protocol::content_type type) noexcept {
  switch (type) {
    case protocol::content_type::text:
      return protocol::scope::send_text;
    case protocol::content_type::vitals:
      return protocol::scope::send_vitals;
    case protocol::content_type::consultation_request:
      return protocol::scope::request_consultation;
    case protocol::content_type::consultation_answer:
    case protocol::content_type::redelivered_broadcast:
    case protocol::content_type::correction:
    case protocol::content_type::cancellation:
      break;
  }
  return 0;
}

template <class Message>
result<session_input> decoded(byte_view plaintext) {
  auto message = protocol::decode<Message>(plaintext);
  if (!message) return message.error();
  return session_input(std::move(*message));
}

}  // namespace

session::session(std::shared_ptr<net::framed_connection> connection,
                 protocol::authenticated_patient&& patient, seconds heartbeat_interval,
                 const clock& time)
    : connection_(std::move(connection)),
      id_(std::move(patient.who.id)),
      key_(patient.key),
      scopes_(patient.scopes),
      since_(time.now()),
      channel_(patient.sk, protocol::side::doctor),
      receipt_key_(protocol::derive_receipt_key(patient.sk)),
      contribution_(protocol::derive_group_contribution(patient.sk)),
      beat_(heartbeat_interval, time.steady()) {}

void session::send(protocol::frame_type type, byte_view plaintext) {
  connection_->send(channel_.seal(type, plaintext));
}

void session::send_group_key(const protocol::group_key& key) {
  group_state_ = {key.generation, key.ratchet, key.next_seq};
  send(protocol::frame_type::group_key, protocol::encode_secret(key).view());
}

void session::send_content(const protocol::content& content) {
  send(protocol::frame_type::direct, protocol::encode(content));
}

void session::send_receipt(const protocol::receipt& receipt) {
  send(protocol::frame_type::receipt, protocol::encode(receipt));
}

void session::send_broadcast(std::shared_ptr<const bytes> frame,
                             const protocol::broadcast_position& at) {
  group_state_ = {at.generation, at.ratchet, at.seq + 1};
  connection_->send_at_once(std::move(frame));
}

void session::send_check(bool is_reply, std::uint64_t sequence) {
  const auto& [generation, ratchet, next_seq] = group_state_;
  send(protocol::frame_type::check,
       protocol::encode(protocol::check{is_reply, sequence, generation, ratchet, next_seq}));
}

void session::say_goodbye(const protocol::disconnect& notice, std::function<void()> done) {
  constexpr milliseconds flush_deadline{2'000};
  send(protocol::frame_type::disconnect, protocol::encode(notice));
  connection_->close_after_flush(flush_deadline, std::move(done));
}

result<session_input> session::on_frame(const protocol::frame& f, time_point now) {
  const auto plaintext = channel_.open(f);
  if (!plaintext) return plaintext.error();
  beat_.heard(now);

  const byte_view data = plaintext->view();
  switch (f.type) {
    case protocol::frame_type::direct: {
      auto content = protocol::decode<protocol::content>(data);
      if (!content) return content.error();
      if ((right_for(content->type) & scopes_) == 0) return errc::out_of_scope;
      return session_input(std::move(*content));
    }
    case protocol::frame_type::receipt:
      return decoded<protocol::receipt>(data);
    case protocol::frame_type::check:
      return decoded<protocol::check>(data);
    case protocol::frame_type::disconnect:
      return decoded<protocol::disconnect>(data);
    default:
      return errc::protocol_error;  // what only the doctor sends
  }
}

protocol::receipt session::make_receipt(const protocol::content& content, unix_ms now) const {
  return protocol::make_receipt(receipt_key_, content.id, now, protocol::receipt_state::decrypted,
                                protocol::encode(content));
}

result<void> session::check_receipt(const protocol::receipt& r, byte_view encoded_content) const {
  return protocol::check_receipt(receipt_key_, r, encoded_content);
}

}  // namespace wardline::doctor
