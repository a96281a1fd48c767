#include "patient/own_messages.hpp"

namespace wardline::patient {

void own_messages::pump() {
  // Section 8: the doctor would refuse it.
  if ((allowed_ & protocol::scope::send_text) == 0) return;
  const auto now = time_.steady();
  std::erase_if(in_flight_, [&](const auto& f) { return now - f.second >= receipt_time; });
  if (in_flight_.size() >= window) return;

  for (const auto& m : outbox_.unreceipted(doctor_, last_sent_, window - in_flight_.size())) {
    send_(m.encoded_content);
    last_sent_ = m.number;
    in_flight_.emplace(m.id, now);
    advance(m.id, delivery_state::sent);
  }
}

result<void> own_messages::on_receipt(const protocol::receipt& r) {
  const auto message = outbox_.find(doctor_, r.message_id);
  if (!message) return errc::wrong_proof;
  if (const auto ok = protocol::check_receipt(key_, r, message->encoded_content); !ok) return ok;
  advance(r.message_id, r.state == protocol::receipt_state::acknowledged
                            ? delivery_state::acknowledged
                            : delivery_state::decrypted);
  in_flight_.erase(r.message_id);
  pump();
  return {};
}

void own_messages::advance(const protocol::message_id& id, delivery_state state) {
  if (!outbox_.advance(doctor_, id, state)) return;
  console_.show(delivery_changed{id, state, time_.now()});
}

}  // namespace wardline::patient
