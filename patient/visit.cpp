#include "patient/visit.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/post.hpp>

namespace wardline::patient {
namespace {

constexpr milliseconds flush_deadline{2'000};
// The doctor says how long it lets us wait; a little more, so that it is the doctor who ends it,
// and never for longer than a day.
constexpr seconds waiting_slack{10};
constexpr seconds longest_waiting{24 * 3600};

}  // namespace

visit::visit(boost::asio::io_context& io, net::address where,
             const protocol::patient_context& context, visit_owner& owner)
    : io_(io), where_(std::move(where)), context_(context), owner_(&owner), deadline_(io) {}

visit::~visit() {
  if (connection_) connection_->close();
}

void visit::start() {
  connector_.emplace(io_, where_, connect_deadline,
                     [weak = weak_from_this()](result<boost::asio::ip::tcp::socket> outcome) {
                       if (const auto self = weak.lock()) self->connected(std::move(outcome));
                     });
}

void visit::connected(result<boost::asio::ip::tcp::socket> outcome) {
  if (!outcome) {
    auto end = ended(to_errc(outcome.error()));
    end.text = outcome.error().message();
    return finish(std::move(end));
  }
  connection_ = net::framed_connection::make(std::move(*outcome), context_.time);
  stage_ = visit_end::stage::signing_in;
  owner_->on_connected();
  auto doctor = owner_->doctor_to_visit();
  used_ticket_ = doctor.ticket.has_value();
  handshake_.emplace(context_, std::move(doctor));
  connection_->start(*this);
  perform(handshake_->start());
}

void visit::on_frame(const protocol::frame& f) {
  const auto self = shared_from_this();
  if (is_over_ || owner_ == nullptr) return;
  if (is_established()) {
    owner_->on_session_frame(f);
  } else {
    perform(handshake_->on_frame(f));
  }
}

void visit::on_closed(errc cause) {
  connection_.reset();
  finish(ended(cause));
}

void visit::perform(protocol::patient_step step) {
  // Pinned before anything is sent to it: the records, or the person, may say no.
  for (const auto* doctor : {&step.doctor_pinned, &step.ask_person}) {
    if (!*doctor) continue;
    if (auto end = owner_->on_announced(**doctor)) {
      end->where = stage_;
      return finish(std::move(*end));
    }
  }
  if (step.ask_person) {
    step = handshake_->accept_doctor();  // it has just been pinned
  }
  for (auto& frame : step.send) send(std::move(frame));

  if (step.close) {
    auto end = ended(step.close->cause);
    end.notice = std::move(step.close->notice);
    end.offending_doctor = std::move(step.close->offending_doctor);
    end.doctor_ahead_ms = step.close->doctor_ahead_ms;
    return finish(std::move(end));
  }
  if (step.established) {
    deadline_.cancel();
    handshake_.reset();
    stage_ = visit_end::stage::in_session;
    connection_->established();
    return owner_->on_established(std::move(*step.established));
  }
  if (step.waiting) {
    set_deadline(std::min(*step.waiting, longest_waiting) + waiting_slack);
    return owner_->on_waiting(*step.waiting);
  }
  set_deadline(protocol::handshake_deadline);
}

void visit::set_deadline(milliseconds time) {
  deadline_.expires_after(time);
  deadline_.async_wait([weak = weak_from_this()](const boost::system::error_code& ec) {
    const auto self = weak.lock();
    if (!ec && self && !self->is_established()) self->finish(self->ended(errc::timed_out));
  });
}

void visit::send(bytes frame) {
  if (connection_) connection_->send(std::move(frame));
}

void visit::close(std::function<void()> done) {
  owner_ = nullptr;
  shut(std::move(done));
}

void visit::shut(std::function<void()> done) {
  connector_.reset();
  deadline_.cancel();
  if (connection_) {
    // The connection keeps itself until it has written what there is.
    std::exchange(connection_, nullptr)->close_after_flush(flush_deadline, std::move(done));
  } else if (done) {
    boost::asio::post(io_, std::move(done));
  }
}

visit_end visit::ended(errc cause) const {
  visit_end end{stage_, cause, {}, {}, {}, {}};
  end.used_ticket = used_ticket_;
  return end;
}

void visit::finish(visit_end end) {
  if (is_over_ || owner_ == nullptr) return;
  is_over_ = true;
  shut({});
  // Later, and kept until then, so that the owner may drop it; `close` may still come before.
  boost::asio::post(io_, [self = shared_from_this(), end = std::move(end)] {
    if (self->owner_ != nullptr) self->owner_->on_end(end);
  });
}

}  // namespace wardline::patient
