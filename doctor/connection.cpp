#include "doctor/connection.hpp"

namespace wardline::doctor {
namespace {

// How long a last word may take to be read before the socket is closed all the same.
constexpr milliseconds farewell_deadline{2'000};

// A resume_request spends a token, and a verifier begins a session.
bool must_be_recorded(protocol::frame_type type) noexcept {
  return type == protocol::frame_type::resume_request || type == protocol::frame_type::verifier;
}

protocol::disconnect notice_of(errc cause) { return {protocol::reason_for_peer(cause), 0, {}}; }

}  // namespace

connection::connection(std::shared_ptr<net::framed_connection> transport, std::string source,
                       connection_owner& owner, crypto_pool& pool,
                       const protocol::doctor_context& context, sign_in_view view,
                       const clock& time, std::uint64_t number)
    : transport_(std::move(transport)),
      source_(std::move(source)),
      owner_(owner),
      pool_(pool),
      time_(time),
      number_(number),
      sign_in_(std::make_unique<sign_in>(context, std::move(view))),
      handshake_since_(time.steady()) {}

session& connection::begin_session(std::unique_ptr<session> s) {
  session_ = std::move(s);
  session_->set_connection(number_);
  sign_in_.reset();
  transport_->established();
  return *session_;
}

void connection::on_frame(const protocol::frame& f) {
  const auto self = shared_from_this();  // whatever follows may end it
  try {
    if (session_) {
      owner_.on_session_frame(*this, f);
    } else if (must_be_recorded(f.type)) {
      transport_->pause_reading();
      is_put_off_ = true;
      owner_.on_frame_to_record(*this, f);
    } else {
      take(sign_in_->handshake.on_frame(f));
    }
  } catch (const failure& e) {
    give_up(e);
  }
}

void connection::on_closed(errc cause) {
  const auto self = shared_from_this();
  if (cause == errc::protocol_error) {
    if (session_) {
      owner_.on_session_without_frame(*this, cause);
    } else {
      owner_.on_handshake_failed(*this, {cause, notice_of(cause), std::nullopt, {}});
    }
  }
  end(cause);
}

void connection::give_up(const failure& what) {
  owner_.on_trouble(*this, what);
  close(errc::unavailable, notice_of(errc::busy));
}

void connection::take(protocol::doctor_step step) {
  if (step.ask_operator) {
    stranger_ = std::make_unique<protocol::stranger>(std::move(*step.ask_operator));
    // Section 6: "full means busy", and whoever is told so has not been told to wait before.
    if (const errc full = owner_.on_stranger(*this, *stranger_); full != errc::ok) {
      return refuse(full);
    }
  }
  for (auto& frame : step.send) transport_->send(std::move(frame));
  if (step.compute) {
    compute(std::move(step.compute));
  } else if (step.close) {
    // The peer said that it goes: nothing is refused, and nobody is left to be told so.
    if (step.close->cause == errc::connection_lost) return drop(errc::connection_lost);
    owner_.on_handshake_failed(*this, *step.close);
    close(step.close->cause, step.close->notice);
  }
}

protocol::doctor_step connection::decide(byte_view frame) {
  return sign_in_->handshake.on_frame(
      *protocol::decode_frame(frame, protocol::handshake_frame_limit));
}

void connection::answer(const std::function<void()>& what) {
  is_put_off_ = false;
  if (ended_) return;
  try {
    what();
  } catch (const failure& e) {
    give_up(e);
  }
  read_on();
}

void connection::read_on() {
  if (!ended_ && !computing_ && !is_put_off_) transport_->resume_reading();
}

void connection::compute(std::unique_ptr<protocol::computation> work) {
  // Nothing more is read meanwhile: TCP holds the peer up, and no queue grows.
  transport_->pause_reading();
  computing_ = true;
  const bool accepted = pool_.submit(
      std::move(work), [self = shared_from_this()](std::unique_ptr<protocol::computation> done) {
        self->computed(std::move(done));
      });
  if (!accepted) close(errc::busy, notice_of(errc::busy));
}

void connection::computed(std::unique_ptr<protocol::computation> done) {
  computing_ = false;
  if (ended_) return;
  try {
    take(sign_in_->handshake.computed(std::move(done)));
  } catch (const failure& e) {
    give_up(e);
  }
  read_on();
}

void connection::admit(bool replace) {
  may_replace_ = replace;
  stranger_.reset();
  handshake_since_ = time_.steady();  // Section 6: "the handshake's deadline starts anew"
  take(sign_in_->handshake.admit());
}

void connection::refuse(errc cause) {
  stranger_.reset();
  take(sign_in_->handshake.refuse(cause));
}

void connection::close(errc cause, const protocol::disconnect& notice,
                       const std::function<void()>& done) {
  if (ended_) return;
  if (session_) {
    session_->say_goodbye(notice, done);
  } else {
    transport_->send(
        protocol::encode_frame(protocol::frame_type::disconnect, protocol::encode(notice)));
    transport_->close_after_flush(farewell_deadline, done);
  }
  end(cause);
}

void connection::drop(errc cause) {
  if (ended_) return;
  transport_->close();
  end(cause);
}

void connection::end(errc cause) {
  if (ended_) return;
  ended_ = true;
  owner_.on_ended(*this, cause);
}

}  // namespace wardline::doctor
