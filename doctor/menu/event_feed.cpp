#include "doctor/menu/event_feed.hpp"

#include <fmt/format.h>

#include "common/cli/time_text.hpp"
#include "common/util/text_encoding.hpp"
#include "doctor/events_text.hpp"

namespace wardline::doctor::menu {

namespace {

constexpr milliseconds together{500};
constexpr std::size_t named_at_most = 3;

/// "p1, p2 and 5 others have"
std::string who_have(const std::set<std::string>& names) {
  std::string out;
  std::size_t n = 0;
  for (const auto& name : names) {
    if (n == named_at_most && names.size() > named_at_most + 1) {
      out += fmt::format(" and {} others", names.size() - n);
      break;
    }
    if (n > 0) out += n + 1 == names.size() ? " and " : ", ";
    out += name;
    ++n;
  }
  return out + (names.size() == 1 ? " has" : " have");
}

}  // namespace

event_feed::event_feed(boost::asio::io_context& io, event_hub& events, const clock& time,
                       std::function<void(std::string)> print)
    : events_(events),
      time_(time),
      print_(std::move(print)),
      timer_(io),
      subscription_(events.subscribe([this](const event& e) { on_event(e); })) {}

event_feed::~event_feed() { events_.unsubscribe(subscription_); }

void event_feed::on_event(const event& e) {
  const auto* change = std::get_if<delivery_changed>(&e);
  if (change == nullptr) return say(sentence(e));

  if (change->state == delivery_state::queued || change->state == delivery_state::sent) return;
  if (change->state != delivery_state::decrypted && change->state != delivery_state::acknowledged)
    return say(sentence(e));
  if (receipts_.empty()) {
    timer_.expires_after(together);
    // A timer that is over already cannot be stopped any more when this ends.
    timer_.async_wait(
        [this, self = std::weak_ptr(alive_)](const boost::system::error_code& stopped) {
          if (!stopped && !self.expired()) flush();
        });
  }
  auto& of = receipts_[change->message];
  (change->state == delivery_state::decrypted ? of.decrypted : of.acknowledged)
      .insert(change->patient);
}

void event_feed::flush() {
  for (const auto& [message, of] : std::exchange(receipts_, {})) {
    const auto id = short_id(message);
    if (!of.decrypted.empty())
      say(printable(fmt::format("{} decrypted message {}.", who_have(of.decrypted), id)));
    if (!of.acknowledged.empty())
      say(printable(fmt::format("{} acknowledged message {}.", who_have(of.acknowledged), id)));
  }
}

void event_feed::say(const std::string& text) {
  const auto now = cli::local_text(time_.now());
  print_(fmt::format("{} {}", now.substr(now.find(' ') + 1), text));
}

}  // namespace wardline::doctor::menu
