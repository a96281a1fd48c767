#include "bench/harness/simulated_patient.hpp"

#include <utility>

#include "protocol/message/check.hpp"

namespace wardline::bench {
namespace {

// The patients share a process with whatever keeps it from answering: their own time window is no
// part of what they are to show.
constexpr milliseconds any_time{24 * 3'600'000};

}  // namespace

simulated_patient::session::session(protocol::patient_established&& up, bool verifies)
    : channel(std::move(up.channel)),
      receipts(protocol::derive_receipt_key(up.sk)),
      group(crypto::shorten(up.doctor_key)) {
  if (verifies) verified.emplace(std::move(up.doctor));
}

simulated_patient::simulated_patient(crypto::own_identity self, bool verifies, const clock& time,
                                     crypto::random_source& random)
    : self_(std::move(self)), verifies_(verifies), context_{self_, time, random, any_time} {}

void simulated_patient::prepare(const crypto::identity& doctor, sign_in_way how) {
  forget_connection();
  protocol::known_doctor known;
  known.identity = doctor;
  if (how == sign_in_way::by_ticket) known.ticket = std::exchange(ticket_, std::nullopt);
  handshake_.emplace(context_, std::move(known));
  for (const auto& frame : handshake_->start().send) append(first_flight_, frame);
}

void simulated_patient::start(const crypto::identity& doctor, sign_in_way how, reaction& out) {
  if (first_flight_.empty()) prepare(doctor, how);
  append(out.send, first_flight_);
  bytes().swap(first_flight_);
}

void simulated_patient::forget_connection() {
  handshake_.reset();
  session_.reset();
  bytes().swap(first_flight_);
  bytes().swap(kept_);
}

void simulated_patient::write(const protocol::content& what, reaction& out) {
  auto encoded = protocol::encode(what);
  send(protocol::frame_type::direct, encoded, out);
  session_->written.insert_or_assign(what.id, std::move(encoded));
}

void simulated_patient::on_bytes(byte_view data, reaction& out) {
  bytes whole;
  if (!kept_.empty()) {
    whole = std::exchange(kept_, {});
    append(whole, data);
    data = whole;
  }
  while (!out.ended && !data.empty()) {
    const auto limit = session_ ? protocol::session_frame_limit : protocol::handshake_frame_limit;
    const auto size = protocol::frame_size(data, limit);
    if (size && (!*size || data.size() < **size)) break;
    const auto f = size ? protocol::decode_frame(data.first(**size), limit)
                        : result<protocol::frame>(size.error());
    if (!f) {
      out.ended = ending{to_errc(f.error()), {}, is_in_session()};
      break;
    }
    on_frame(*f, out);
    data = data.subspan(**size);
  }
  if (!out.ended) kept_ = to_bytes(data);
}

void simulated_patient::on_closed(reaction& out) {
  out.ended = ending{errc::connection_lost, {}, is_in_session()};
}

void simulated_patient::on_frame(const protocol::frame& f, reaction& out) {
  if (session_) {
    on_session_frame(f, out);
  } else if (handshake_) {
    perform(handshake_->on_frame(f), out);
  }
}

void simulated_patient::perform(protocol::patient_step step, reaction& out) {
  for (const auto& frame : step.send) append(out.send, frame);
  if (step.close) {
    std::optional<protocol::disconnect_reason> told;
    if (step.close->notice) told = step.close->notice->reason;
    out.ended = ending{step.close->cause, told, false};
  } else if (step.established) {
    out.established = true;
    out.was_resumed = step.established->resumed;
    ticket_ = std::move(step.established->ticket);
    session_.emplace(std::move(*step.established), verifies_);
    handshake_.reset();
  }
}

void simulated_patient::send(protocol::frame_type type, byte_view plaintext, reaction& out) {
  if (!is_silent_) append(out.send, session_->channel.seal(type, plaintext));
}

void simulated_patient::on_session_frame(const protocol::frame& f, reaction& out) {
  using protocol::frame_type;
  // Section 9: "An unprotected DISCONNECT is only a hint: either end ignores it once a session
  // stands".
  if (f.type == frame_type::disconnect && !f.is_protected) return;
  result<void> outcome;
  if (f.type == frame_type::broadcast) {
    outcome = on_broadcast(f, out);
  } else {
    const auto plaintext = session_->channel.open(f);
    if (!plaintext) {
      out.ended = ending{to_errc(plaintext.error()), {}, true};
      return;
    }
    const byte_view data = plaintext->view();
    if (f.type == frame_type::group_key) outcome = on_group_key(data);
    if (f.type == frame_type::direct) outcome = on_direct(data, out);
    if (f.type == frame_type::check) outcome = on_check(data, out);
    if (f.type == frame_type::receipt) outcome = on_receipt(data, out);
    if (f.type == frame_type::disconnect) {
      const auto notice = protocol::decode<protocol::disconnect>(data);
      out.ended = ending{errc::connection_lost, {}, true};
      if (notice) out.ended->told = notice->reason;
    }
  }
  if (!outcome) out.dropped.push_back(to_errc(outcome.error()));
}

result<void> simulated_patient::on_broadcast(const protocol::frame& f, reaction& out) {
  if (session_->verified) {
    const auto opened = session_->verified->open(f, context_.time.steady());
    if (!opened) return opened.error();
    have(opened->broadcast.content, opened->broadcast.encoded_content, out);
    return {};
  }
  const auto opened = session_->group.open(f);
  if (!opened) return opened.error();
  have(opened->content, opened->encoded_content, out);
  return {};
}

result<void> simulated_patient::on_group_key(byte_view plaintext) {
  auto key = protocol::decode<protocol::group_key>(plaintext);
  if (!key) return key.error();
  return session_->verified ? session_->verified->install(std::move(*key))
                            : session_->group.install(std::move(*key));
}

result<void> simulated_patient::on_direct(byte_view plaintext, reaction& out) {
  const auto content = protocol::decode<protocol::content>(plaintext);
  if (!content) return content.error();
  if (content->type != protocol::content_type::redelivered_broadcast) {
    have(*content, plaintext, out);
    return {};
  }
  const auto original = protocol::read_redelivery(content->body);
  if (!original) return original.error();
  if (session_->verified) session_->verified->note_redelivered(original->position);
  have(original->content, original->encoded_content, out);
  return {};
}

result<void> simulated_patient::on_check(byte_view plaintext, reaction& out) {
  const auto check = protocol::decode<protocol::check>(plaintext);
  if (!check) return check.error();
  // Section 8: "the other answers with is_reply 1 and the same sequence"; "zeros from a patient".
  if (!check->is_reply) {
    send(protocol::frame_type::check,
         protocol::encode(protocol::check{true, check->sequence, 0, 0, 0}), out);
  }
  return {};
}

result<void> simulated_patient::on_receipt(byte_view plaintext, reaction& out) {
  const auto receipt = protocol::decode<protocol::receipt>(plaintext);
  if (!receipt) return receipt.error();
  const auto of = session_->written.find(receipt->message_id);
  if (of == session_->written.end()) return {};  // acknowledged, after it was decrypted
  const auto proven = protocol::check_receipt(session_->receipts, *receipt, of->second);
  if (!proven) return proven.error();
  session_->written.erase(of);
  out.receipted.push_back(receipt->message_id);
  return {};
}

// "Patients drop duplicates by message_id, and answer them again."
void simulated_patient::have(const protocol::content& content, byte_view encoded, reaction& out) {
  if (content.id != session_->last_message) out.decrypted.push_back(content.id);
  session_->last_message = content.id;
  session_->owed.emplace_back(content.id, to_bytes(encoded));
  out.owes_receipts = true;
}

void simulated_patient::answer(reaction& out) {
  if (!session_) return;
  for (const auto& [id, content] : std::exchange(session_->owed, {})) {
    send(protocol::frame_type::receipt,
         protocol::encode(protocol::make_receipt(session_->receipts, id, context_.time.now(),
                                                 protocol::receipt_state::decrypted, content)),
         out);
  }
}

}  // namespace wardline::bench
