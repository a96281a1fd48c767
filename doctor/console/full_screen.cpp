#include "doctor/console/full_screen.hpp"

#include <algorithm>
#include <chrono>
#include <string_view>
#include <unistd.h>
#include <utility>

#include "common/util/text_encoding.hpp"
#include "doctor/console/view.hpp"
#include "doctor/events_text.hpp"

namespace wardline::doctor::console {
namespace {

using tui::key_name;

constexpr milliseconds between_pictures{30};
constexpr seconds between_ticks{1};
// What nobody tells us of (a patient who was revoked by a command) shows by then.
constexpr seconds fresh_for{10};
// Asking for lists takes this part of the thread's time, at most.
constexpr int of_the_time = 50;

constexpr std::size_t earlier_messages = 100;
constexpr std::size_t earlier_broadcasts = 20;
constexpr std::size_t looked_through = 200;

// Choices that one key makes. "4" ends the gateway, and wants an Enter behind it.
bool is_choice(const std::string& text) {
  constexpr std::string_view choices = "12356789?!";
  return text.size() == 1 && choices.find(text) != std::string_view::npos;
}

// Beside the ward there is no room for a QR code, and what is marked there to be copied has the
// ward in it.
constexpr auto copied_elsewhere =
    "Another terminal shows one to copy, and as a QR code: doctor invite PATIENT --id ID --qr";

constexpr auto help =
    "One key makes a choice; 4 wants Enter behind it.\n"
    "Up, Down  choose a patient; Enter writes\n"
    "Tab       menu, conversation, last broadcast\n"
    "PgUp/PgDn look back    Escape  ends a question\n"
    "\xe2\x97\x8f here  \xe2\x97\x8b away  \xc3\x97 blocked  ? not seen yet\n"
    "unconf: messages not decrypted yet";

}  // namespace

full_screen::full_screen(boost::asio::io_context& io, gateway& at, const clock& time,
                         std::function<void()> leave)
    : at_(at),
      time_(time),
      leave_(std::move(leave)),
      keys_(io, ::dup(terminal_.descriptor())),
      draw_timer_(io),
      tick_timer_(io),
      // Before the feed, which is told next: so the level of what it says is known.
      subscription_(at.events().subscribe([this](const event& e) { on_event(e); })),
      menu_(
          at, [this](const std::string& text) { print(text); },
          [this](std::string text) { prompt_ = std::move(text); },
          [this] { return panel_columns(terminal_.extent()); }, leave_,
          [](const std::string&) { return std::string(copied_elsewhere); }),
      feed_(io, at.events(), time, [this](std::string text) {
        model_.say(std::move(text), std::exchange(level_, cli::log_level::info));
        draw_soon();
      }) {
  terminal_.on_key = [this](const tui::key& k) { on_key(k); };
  terminal_.on_resize = [this] { draw_soon(); };
  terminal_.on_end = [this] { leave_(); };
}

full_screen::~full_screen() { at_.events().unsubscribe(subscription_); }

void full_screen::start() {
  auto messages = at_.inbox(earlier_messages);
  std::reverse(messages.begin(), messages.end());  // oldest first
  for (const auto& m : messages) model_.remember(m);
  for (const auto& m : at_.deliveries(earlier_broadcasts)) {
    if (!m.is_broadcast) continue;
    model_.set_board(m);
    break;
  }
  ask_gateway();
  menu_.start();
  model_.print(help);
  wait_for_keys();
  tick();
}

void full_screen::note(const std::string& text) {
  model_.say(printable(text), cli::log_level::warning);
  draw_soon();
}

void full_screen::wait_for_keys() {
  keys_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                   [this](const boost::system::error_code& stopped) {
                     if (stopped) return;
                     terminal_.readable();
                     draw_soon();
                     wait_for_keys();
                   });
}

void full_screen::on_key(const tui::key& k) {
  const bool was_just_chosen = std::exchange(just_chosen_, false);
  switch (k.name) {
    case key_name::page_up:
    case key_name::page_down: {
      const int page = std::max(static_cast<int>(terminal_.extent().rows) / 3, 1);
      return model_.scroll(
          (k.name == key_name::page_up) == (model_.shown() != panel::board) ? page : -page);
    }
    case key_name::tab:
    case key_name::back_tab:
      model_.show_next_panel();
      return load_written();
    case key_name::redraw:
      return terminal_.redraw();
    case key_name::escape:
      line_.take();  // in the next question Up brings it back
      if (menu_.is_asking()) submit("cancel");
      return;
    case key_name::enter:
      if (!was_just_chosen) enter();
      return;
    default:
      if (menu_.is_asking() || !on_idle_key(k)) line_.press(k, menu_.is_asking());
  }
}

// While nobody asks anything: true if the key was for us.
bool full_screen::on_idle_key(const tui::key& k) {
  if (k.name == key_name::up || k.name == key_name::down) {
    model_.select(k.name == key_name::up ? -1 : 1);
    load_written();
    return true;
  }
  if (k.name != key_name::text || k.is_pasted || !line_.empty() || !is_choice(k.text)) return false;
  choose(k.text);
  return true;
}

void full_screen::choose(const std::string& text) {
  if (text == "9") model_.forget_blocked();
  // An emergency is two keys, this one and Enter: that Enter is not to be lost.
  just_chosen_ = text != "!";
  submit(text);
  if (text == "?") model_.print(help);
}

void full_screen::enter() {
  if (!menu_.is_asking() && line_.empty() && model_.shown() == panel::conversation)
    return write_to_selected();
  submit(line_.take());
}

void full_screen::submit(const std::string& text) {
  model_.print(printable(prompt_ + text));
  is_submitting_ = true;
  menu_.line(text);
  is_submitting_ = false;
  after_line();
}

void full_screen::write_to_selected() {
  const bed* who = model_.selected();
  if (who == nullptr) return;
  return_to_ = panel::conversation;
  menu_.write_to(who->id);
}

void full_screen::after_line() {
  is_stale_ = true;
  next_list_ = {};
  if (!menu_.is_asking() && return_to_) model_.show(*std::exchange(return_to_, std::nullopt));
  refresh();
}

void full_screen::print(const std::string& text) {
  if (text.starts_with("Error")) return_to_.reset();  // it is to be seen
  model_.print(text);
}

void full_screen::on_event(const event& e) {
  if (level_of(e) <= cli::log_level::warning) level_ = level_of(e);
  if (model_.on_event(e, time_.now())) {
    terminal_.beep();
    level_ = std::holds_alternative<message_received>(e) ? cli::log_level::error : level_;
  }
  if (const auto* sent = std::get_if<broadcast_sent>(&e)) {
    to_load_ = sent->message;
    shows_board_ = shows_board_ || is_submitting_;
  }
  is_stale_ = true;
  draw_soon();
}

void full_screen::tick() {
  refresh();
  draw_soon();  // the time, too
  tick_timer_.expires_after(between_ticks);
  after(tick_timer_, &full_screen::tick);
}

void full_screen::refresh() {
  const auto now = time_.steady();
  if (now < next_list_ || (!is_stale_ && now < fresh_until_)) return;
  try {
    ask_gateway();
  } catch (const failure& why) {
    model_.say(printable(std::string("The lists are old: ") + why.what()), cli::log_level::error);
  }
  is_stale_ = false;
  fresh_until_ = now + fresh_for;
  next_list_ =
      now + std::max<std::chrono::nanoseconds>(between_ticks, (time_.steady() - now) * of_the_time);
}

void full_screen::ask_gateway() {
  model_.set_status(at_.status());
  model_.set_patients(at_.patients());
  model_.set_waiting(at_.waiting());
  if (to_load_) model_.set_board(at_.delivery(*std::exchange(to_load_, std::nullopt)));
  if (std::exchange(shows_board_, false) && !menu_.is_asking()) model_.show(panel::board);
  load_written();
}

void full_screen::load_written() {
  const bed* who = model_.selected();
  if (who == nullptr || model_.shown() != panel::conversation) return;
  try {
    model_.set_written(who->id, at_.deliveries_to(who->id, looked_through));
  } catch (const failure& why) {
    model_.say(printable(why.what()), cli::log_level::error);
  }
}

// A timer that is over already cannot be stopped any more when the console ends.
void full_screen::after(boost::asio::steady_timer& timer, void (full_screen::*what)()) {
  timer.async_wait(
      [this, what, self = std::weak_ptr(alive_)](const boost::system::error_code& stopped) {
        if (!stopped && !self.expired()) (this->*what)();
      });
}

void full_screen::draw_soon() {
  if (std::exchange(is_draw_due_, true)) return;
  // What is typed shows at once; what follows within a moment is one picture.
  draw_timer_.expires_at(std::max(time_.steady(), next_picture_));
  after(draw_timer_, &full_screen::draw);
}

void full_screen::draw() {
  is_draw_due_ = false;
  next_picture_ = time_.steady() + between_pictures;
  auto now = console::draw(model_, {prompt_, line_}, terminal_.extent(), time_.now());
  model_.limit_scrolling(now.scrolled);
  terminal_.show(std::move(now.screen));
}

}  // namespace wardline::doctor::console
