#include "protocol/handshake/doctor_handshake.hpp"

#include <utility>

#include "protocol/handshake/doctor_closing.hpp"
#include "protocol/handshake/doctor_states.hpp"

namespace wardline::protocol {

using namespace doctor_side;

/// The dispatcher: state x event. A pair without an overload of `on` is errc::protocol_error.
struct doctor_handshake::machine {
  doctor_side::scene scene;
  doctor_side::state state = expect_request{};
  const computation* handed_out = nullptr;  // compared, never followed

  template <class Event>
  doctor_step handle(const Event& event) {
    // Each state is consumed by what happens in it: whatever goes wrong, nothing is awaited.
    auto current = std::exchange(state, finished{});
    return settle(std::visit(
        [&]<class State>(State& awaiting) -> outcome {
          if constexpr (awaits<State, Event, doctor_side::scene>) {
            return std::move(awaiting).on(event, scene);
          } else {
            return close_for(errc::protocol_error);
          }
        },
        current));
  }

  doctor_step end(closing why) {
    state = finished{};
    doctor_step step;
    step.close = std::move(why);
    return step;
  }

  doctor_step settle(outcome o) {
    if (!o) return end(o.error());
    state = std::move(o->next);
    handed_out = o->step.compute.get();
    return std::move(o->step);
  }

  // Section 9: "An unprotected DISCONNECT is only a hint": here it can only mean that the peer is
  // gone, or that somebody on the path has cut the connection, which he could anyhow.
  doctor_step on_disconnect(const frame& f) {
    if (f.is_protected || std::holds_alternative<finished>(state)) {
      return end(close_for(errc::protocol_error));
    }
    const auto hint = decode<disconnect>(f.body());
    return end(close_for(hint ? errc::connection_lost : to_errc(hint.error())));
  }
};

doctor_handshake::doctor_handshake(const doctor_context& context, doctor_directory& directory)
    : machine_(new machine{{context, directory}}) {}
doctor_handshake::doctor_handshake(doctor_handshake&&) noexcept = default;
doctor_handshake& doctor_handshake::operator=(doctor_handshake&&) noexcept = default;
doctor_handshake::~doctor_handshake() = default;

doctor_step doctor_handshake::on_frame(const frame& f) {
  if (f.type == frame_type::disconnect) return machine_->on_disconnect(f);
  return with_type(
      f, [this](const auto& event) { return machine_->handle(event); },
      [this] { return machine_->end(close_for(errc::protocol_error)); });
}

doctor_step doctor_handshake::computed(std::unique_ptr<computation> done) {
  // Only what this machine has handed out, and only while it waits for it: then its type is known.
  if (!done || done.get() != std::exchange(machine_->handed_out, nullptr)) {
    return machine_->end(close_for(errc::protocol_error));
  }
  auto current = std::exchange(machine_->state, finished{});
  return machine_->settle(std::visit(
      [&]<class State>(State& awaiting) -> outcome {
        if constexpr (requires { typename State::computed; }) {
          auto& result = static_cast<typename State::computed&>(*done);
          return std::move(awaiting).on(result, machine_->scene);
        } else {
          return close_for(errc::protocol_error);
        }
      },
      current));
}

doctor_step doctor_handshake::admit() { return machine_->handle(operator_admits{}); }

doctor_step doctor_handshake::refuse(errc cause) {
  return machine_->handle(operator_refuses{cause});
}

std::string_view doctor_handshake::state_name() const noexcept {
  return std::visit([](const auto& awaiting) { return awaiting.name; }, machine_->state);
}

}  // namespace wardline::protocol
