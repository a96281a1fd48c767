// What a person, or a program in front of the client, asks it for.
#include <boost/asio/post.hpp>

#include "common/cli/guard.hpp"
#include "patient/client.hpp"
#include "patient/compose.hpp"

namespace wardline::patient {
namespace {

constexpr std::size_t max_unreceipted = 256;

}  // namespace

void client::send_text(const std::string& text) {
  auto composed = compose_text(text, time_.now(), random_);
  if (const auto* why = std::get_if<problem>(&composed)) return console_.show(*why);
  const auto& content = std::get<protocol::content>(composed);
  if (!what_.pinned) {
    return console_.show(problem{errc::not_found, "there is no doctor to write to yet",
                                 "Wait until the doctor is known."});
  }
  if (session_ && (session_->scopes() & protocol::scope::send_text) == 0) {
    return console_.show(
        problem{errc::out_of_scope, "the doctor does not let you send messages", {}});
  }
  guarded([&] {
    if (records_.outbox.count_unreceipted(doctor_id()) >= max_unreceipted) {
      return console_.show(problem{
          errc::busy, std::to_string(max_unreceipted) + " messages wait for the doctor already",
          "Wait until they have been delivered."});
    }
    records_.outbox.accept(doctor_id(), content);
    console_.show(delivery_changed{content.id, delivery_state::queued, time_.now()});
    if (session_) session_->send_messages();
  });
}

void client::acknowledge(const protocol::message_id& id) {
  guarded([&] {
    if (!records_.inbox.acknowledge(doctor_id(), id, time_.now())) {
      return console_.show(problem{errc::not_found, "there is no such message in the inbox", {}});
    }
    if (session_) {
      if (const auto m = records_.inbox.find(doctor_id(), id)) session_->send_acknowledgement(*m);
    }
    console_.show(message_acknowledged{id, session_.has_value()});
  });
}

std::vector<inbox_message> client::inbox(std::size_t limit) {
  std::vector<inbox_message> out;
  guarded([&] { out = records_.inbox.recent(doctor_id(), limit); });
  return out;
}

void client::disconnect() {
  if (is_over_) return;
  is_over_ = true;
  retry_timer_.cancel();
  say_goodbye([this] {
    console_.show(disconnected{"goodbye", {}, {}});
    if (!what_.stays_when_over) finish(cli::done);
  });
}

void client::exit() {
  is_over_ = true;
  retry_timer_.cancel();
  say_goodbye([this] { finish(status_); });
}

void client::answer_doctor(bool is_theirs) {
  const auto doctor = std::exchange(asked_about_, std::nullopt);
  if (!doctor || is_over_) return;
  const auto why = is_theirs ? pin(*doctor)
                             : problem{errc::wrong_doctor, "you said that this is not your doctor",
                                       "Check --connect, and ask the doctor for the fingerprint."};
  if (!why) return begin_visit();
  console_.show(*why);
  // Later: the console is still busy with the key that said so.
  boost::asio::post(io_, [this, why] { finish(cli::failed, why); });
}

}  // namespace wardline::patient
