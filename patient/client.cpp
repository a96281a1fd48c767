#include "patient/client.hpp"

#include <utility>

#include <boost/asio/post.hpp>

#include "common/cli/guard.hpp"

namespace wardline::patient {
namespace {

// A session that lasted so long was no accident: the backoff begins anew.
constexpr seconds steady_session{10};

// For who has never been there: the address may be wrong, and then trying again helps nobody.
problem nothing_answers(const net::address& where, const std::string& why) {
  return {errc::unavailable,
          "nothing answers at " + net::address_text(where) + (why.empty() ? "" : ": " + why),
          "Is the doctor's gateway running, and is that its address? If not, stop this and give "
          "the right one with --connect HOST:PORT. Until then it is tried again and again."};
}

}  // namespace

client::client(boost::asio::io_context& io, assignment what, own_keys& keys, records& kept,
               console& out, const clock& time, crypto::random_source& random, on_finished finished)
    : io_(io),
      what_(std::move(what)),
      keys_(keys),
      records_(kept),
      console_(out),
      time_(time),
      random_(random),
      finished_(std::move(finished)),
      retry_timer_(io),
      tick_timer_(io),
      history_{what_.pinned && what_.pinned->signed_in_at, false} {
  if (what_.pinned) what_.doctor.id = what_.pinned->who.id;
  self_ = keys_.in(what_.pinned ? what_.pinned->who.group : crypto::group_id::ffdhe3072);
}

client::~client() {
  if (visit_) visit_->close();
}

void client::begin_visit() {
  if (is_over_) return;
  console_.show(connecting{net::address_text(what_.where)});
  visit_ = std::make_shared<visit>(
      io_, what_.where, protocol::patient_context{*self_, time_, random_, what_.clock_window},
      static_cast<visit_owner&>(*this));
  visit_->start();
}

void client::on_connected() { console_.show(connected{net::address_text(what_.where)}); }

protocol::known_doctor client::doctor_to_visit() {
  protocol::known_doctor doctor;
  if (what_.invite) doctor.invite = what_.invite->clone();
  doctor.pinned = what_.doctor.invited;
  if (!what_.pinned) return doctor;

  doctor.pinned = crypto::fingerprint_of(what_.pinned->who);
  if (std::exchange(look_at_doctor_, false)) return doctor;
  doctor.identity = what_.pinned->who;
  // "The patient forgets RS when it uses it". If it cannot be forgotten it is not used.
  guarded([&] { doctor.ticket = records_.tickets.take(doctor_id()); });
  return doctor;
}

std::optional<visit_end> client::on_announced(const crypto::identity& doctor) {
  const auto end_with = [](problem why) {
    visit_end end{visit_end::stage::signing_in, why.error, {}, {}, {}, {}};
    end.found = std::move(why);
    return end;
  };
  std::optional<crypto::identity> known_one;
  if (!guarded([&] {
        if (auto k = records_.doctors.find(doctor.id)) known_one = std::move(k->who);
      })) {
    return end_with({errc::unavailable, "the known doctors cannot be read", {}});
  }
  const auto verdict = judge_doctor(what_.doctor, doctor, known_one, console_.can_ask());
  if (const auto* why = std::get_if<problem>(&verdict)) return end_with(*why);
  if (std::get<pin_verdict>(verdict) == pin_verdict::ask_person) {
    // Nobody compares sixty digits within a deadline of ten seconds: the visit ends here, and the
    // next one begins when the person has answered.
    asked_about_ = doctor;
    return visit_end{visit_end::stage::signing_in, errc::ok, {}, {}, {}, {}};
  }
  if (auto why = pin(doctor)) return end_with(std::move(*why));
  return std::nullopt;
}

std::optional<problem> client::pin(const crypto::identity& doctor) {
  if (what_.pinned) return std::nullopt;
  try {
    if (!records_.doctors.pin(doctor, time_.now())) {
      return problem{errc::conflict, "another key of " + doctor.id + " is pinned already", {}};
    }
    what_.pinned = records_.doctors.find(doctor.id);
  } catch (const failure& e) {
    return problem{errc::unavailable, e.what(), e.hint()};
  }
  what_.doctor.id = doctor.id;
  has_just_pinned_ = true;
  console_.show(doctor_pinned{doctor.id, crypto::fingerprint_of(doctor)});
  return std::nullopt;
}

void client::on_waiting(seconds at_most) {
  console_.show(waiting{at_most, self_->own_fingerprint()});
}

void client::on_established(protocol::patient_established&& up) {
  history_ = {true, true};
  changed_group_ = false;
  what_.invite.reset();
  session_began_ = time_.steady();
  guarded([&] {
    records_.doctors.signed_in(doctor_id(), what_.where.host, what_.where.port, time_.now());
    records_.tickets.keep(doctor_id(), up.ticket);
  });
  console_.show(authenticated{up.resumed, up.doctor.id, up.doctor_key});
  if (std::exchange(has_just_pinned_, false)) {
    console_.show(enrolled{
        what_.patient, doctor_id(),
        "patient --id " + what_.patient + " --doctor-id " + doctor_id() + what_.directory});
  }
  session_.emplace(std::move(up), records_, console_, time_,
                   [this](bytes frame) { visit_->send(std::move(frame)); });
  session_->begin();
  schedule_tick();
}

void client::on_session_frame(const protocol::frame& f) {
  if (!session_) return;
  if (const auto end = session_->on_frame(f)) end_session(*end);
}

void client::schedule_tick() {
  tick_timer_.expires_after(seconds(1));
  tick_timer_.async_wait([this](const boost::system::error_code& ec) {
    if (ec || !session_) return;
    if (const auto end = session_->tick()) return end_session(*end);
    schedule_tick();
  });
}

void client::end_session(const session_end& why) {
  session_.reset();
  tick_timer_.cancel();
  visit_->close();
  after_visit({visit_end::stage::in_session, why.cause, {}, why.notice, {}, {}});
}

void client::on_end(const visit_end& end) {
  session_.reset();
  tick_timer_.cancel();
  after_visit(end);
}

void client::after_visit(visit_end end) {
  // It may be on the stack still.
  boost::asio::post(io_, [last = std::exchange(visit_, nullptr)] {});
  if (is_over_) return;
  if (asked_about_) return console_.ask_for_doctor(*asked_about_);
  if (change_group(end)) return begin_visit();

  if (end.where == visit_end::stage::in_session &&
      time_.steady() - session_began_ >= steady_session) {
    backoff_.reset();
  }
  if (end.cause == errc::wrong_doctor && end.offending_doctor) {
    const auto& expected =
        what_.pinned ? crypto::fingerprint_of(what_.pinned->who) : what_.doctor.invited;
    if (expected) end.found = wrong_doctor_key(crypto::to_digits(*expected), *end.offending_doctor);
  }
  auto move = judge_end(end, history_);
  if (end.where == visit_end::stage::connecting && !history_.ever &&
      !std::exchange(told_unreachable_, true)) {
    move.tell = nothing_answers(what_.where, end.text);
  }
  if (move.tell) console_.show(*move.tell);
  if (move.what != next_move::kind::stop) return retry(move, end);

  // From now on its word is known, so that a hint of the same kind is believed.
  if (end.where == visit_end::stage::in_session && move.status != cli::done) {
    guarded([&] { records_.doctors.turned_away(doctor_id()); });
  }
  console_.show(disconnected{reason_of(end), end.notice ? end.notice->text : end.text, {}});
  // Who has never been let in has nothing to stay for.
  status_ = move.status;
  if (!what_.stays_when_over || !history_.this_run) return finish(move.status, move.tell);
  is_over_ = true;
}

// The doctor's keys are in another group than those that we showed up with.
bool client::change_group(const visit_end& end) {
  if (end.cause != errc::conflict || !end.offending_doctor || changed_group_) return false;
  changed_group_ = true;
  self_ = keys_.in(end.offending_doctor->group);
  return true;
}

void client::retry(const next_move& move, const visit_end& end) {
  look_at_doctor_ = move.look_at_doctor;
  changed_group_ = false;
  milliseconds delay{0};
  if (move.what == next_move::kind::again) {
    delay = move.at_least + backoff_.next(move.cap, random_);
  }
  console_.show(disconnected{reason_of(end), end.notice ? end.notice->text : end.text, delay});
  wait_and_visit(delay);
}

void client::wait_and_visit(milliseconds delay) {
  retry_timer_.expires_after(delay);
  retry_timer_.async_wait([this](const boost::system::error_code& ec) {
    if (!ec) begin_visit();
  });
}

void client::say_goodbye(std::function<void()> done) {
  if (session_) session_->say_goodbye(protocol::disconnect_reason::goodbye);
  session_.reset();
  tick_timer_.cancel();
  if (!visit_) return boost::asio::post(io_, std::move(done));
  visit_->close(std::move(done));
  boost::asio::post(io_, [last = std::exchange(visit_, nullptr)] {});
}

void client::finish(int status, const std::optional<problem>& why) {
  is_over_ = true;
  if (const auto last = std::exchange(finished_, nullptr)) last(status, why);
}

bool client::guarded(const std::function<void()>& work) {
  try {
    work();
    return true;
  } catch (const failure& e) {
    console_.show(problem{errc::unavailable, e.what(), e.hint()});
    return false;
  }
}

}  // namespace wardline::patient
