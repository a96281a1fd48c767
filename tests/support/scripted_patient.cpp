#include "tests/support/scripted_patient.hpp"

#include <stdexcept>
#include <utility>

#include "protocol/message/invite.hpp"
#include "protocol/session/session_keys.hpp"
#include "tests/support/catch.hpp"

namespace wardline::test {
namespace {

// Its own complaints would end what the test wants to see the gateway's answer to.
constexpr milliseconds any_time{24 * 3'600'000};

crypto::group_id must_be_group(std::string_view name) {
  const auto group = crypto::group_named(name);
  if (!group) throw std::logic_error("no group: " + std::string(name));
  return *group;
}

}  // namespace

std::optional<protocol::disconnect_reason> patient_visit::told() const {
  if (!closed || !closed->notice) return std::nullopt;
  return closed->notice->reason;
}

const bytes& patient_visit::sent_frame(protocol::frame_type type) const {
  for (const auto& frame : sent) {
    if (type_of(frame) == type) return frame;
  }
  throw std::logic_error("no such frame was sent");
}

void patient_visit::send_receipt(const protocol::content& original) {
  REQUIRE(up.has_value());
  send(protocol::frame_type::receipt,
       protocol::make_receipt(protocol::derive_receipt_key(up->sk), original.id, original.created,
                              protocol::receipt_state::decrypted, protocol::encode(original)));
}

scripted_patient::scripted_patient(std::string id, std::string_view group)
    : self_(random_.make_secret<32>(), crypto::role::patient, must_be_group(group), std::move(id)) {
}

protocol::resumption_ticket scripted_patient::copy_ticket() const {
  REQUIRE(ticket.has_value());
  return {ticket->token, ticket->secret.clone(), ticket->expires};
}

protocol::known_doctor scripted_patient::doctor_to_visit(const manner& how) {
  protocol::known_doctor doctor;
  doctor.identity = doctor_;
  if (!how.invite.empty()) {
    auto invite = protocol::invite_from_text(how.invite).value();
    doctor.invite = std::move(invite.secret);
    doctor.pinned = invite.doctor;
  }
  if (how.resume) {
    REQUIRE(ticket.has_value());
    doctor.ticket = std::exchange(ticket, std::nullopt);
  }
  return doctor;
}

patient_visit scripted_patient::sign_in(const manner& how) {
  patient_visit visit(raw_peer({how.port, how.source, how.receive_buffer}));
  const protocol::patient_context context{self_, time, random_, any_time};
  protocol::patient_handshake machine(context, doctor_to_visit(how));

  auto step = machine.start();
  for (;;) {
    if (step.ask_person) step = machine.accept_doctor();
    if (step.doctor_pinned) doctor_ = step.doctor_pinned;
    for (auto& frame : step.send) {
      if (how.meddle) how.meddle(frame);
      if (frame.empty()) continue;
      visit.peer.send(frame);
      visit.sent.push_back(std::move(frame));
    }
    if (step.established) {
      auto& up = visit.up.emplace(std::move(*step.established));
      visit.channel = std::move(up.channel);
      ticket = std::move(up.ticket);
      return visit;
    }
    if (step.close) {
      visit.closed = std::move(step.close);
      return visit;
    }
    if (step.waiting) {
      visit.waiting = step.waiting;
      return visit;
    }
    const auto whole = visit.peer.next_frame();
    if (!whole) {
      visit.closed = protocol::patient_closing{errc::connection_lost, {}, {}, {}};
      return visit;
    }
    const auto f = protocol::decode_frame(*whole, protocol::handshake_frame_limit);
    REQUIRE(f.has_value());
    visit.received.push_back(*whole);
    step = machine.on_frame(*f);
  }
}

}  // namespace wardline::test
