#include "protocol/handshake/patient_handshake.hpp"

#include <utility>

#include "protocol/handshake/patient_closing.hpp"
#include "protocol/handshake/patient_states.hpp"

namespace wardline::protocol {

using namespace patient_side;

/// The dispatcher: state x event. A pair without an overload of `on` is errc::protocol_error.
struct patient_handshake::machine {
  patient_side::scene scene;
  patient_side::state state;

  template <class Event>
  patient_step handle(const Event& event) {
    // Each state is consumed by what happens in it: whatever goes wrong, nothing is awaited.
    auto current = std::exchange(state, finished{});
    auto o = std::visit(
        [&]<class State>(State& awaiting) -> outcome {
          if constexpr (awaits<State, Event, patient_side::scene>) {
            return std::move(awaiting).on(event, scene);
          } else {
            return close_for(errc::protocol_error);
          }
        },
        current);
    if (!o) return refuse(o.error());
    state = std::move(o->next);
    return std::move(o->step);
  }

  // The connection ends because of what we have seen: the doctor is told so (section 11).
  patient_step refuse(patient_closing why) {
    state = finished{};
    patient_step step;
    step.send.push_back(encode_frame(frame_type::disconnect,
                                     encode(disconnect{reason_for_peer(why.cause), 0, {}})));
    step.close = std::move(why);
    return step;
  }

  // Section 9: "An unprotected DISCONNECT is only a hint ... before that a patient shows it". There
  // are no keys yet under which a protected one could be read.
  patient_step on_disconnect(const frame& f) {
    if (f.is_protected || std::holds_alternative<finished>(state)) {
      return refuse(close_for(errc::protocol_error));
    }
    auto hint = decode<disconnect>(f.body());
    if (!hint) return refuse(close_for(to_errc(hint.error())));
    state = finished{};
    patient_step step;
    step.close = close_as_told(std::move(*hint));
    if (step.close->cause == errc::clock_skew) step.close->doctor_ahead_ms = scene.doctor_ahead_ms;
    return step;
  }
};

patient_handshake::patient_handshake(const patient_context& context, known_doctor doctor)
    : machine_(new machine{{context, std::nullopt}, expect_start{std::move(doctor)}}) {}
patient_handshake::patient_handshake(patient_handshake&&) noexcept = default;
patient_handshake& patient_handshake::operator=(patient_handshake&&) noexcept = default;
patient_handshake::~patient_handshake() = default;

patient_step patient_handshake::start() { return machine_->handle(owner_starts{}); }

patient_step patient_handshake::on_frame(const frame& f) {
  if (f.type == frame_type::disconnect) return machine_->on_disconnect(f);
  return with_type(
      f, [this](const auto& event) { return machine_->handle(event); },
      [this] { return machine_->refuse(close_for(errc::protocol_error)); });
}

patient_step patient_handshake::accept_doctor() { return machine_->handle(person_accepts{}); }

std::string_view patient_handshake::state_name() const noexcept {
  return std::visit([](const auto& awaiting) { return awaiting.name; }, machine_->state);
}

}  // namespace wardline::protocol
