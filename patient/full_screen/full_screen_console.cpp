#include "patient/full_screen/full_screen_console.hpp"

#include "patient/event_words.hpp"
#include "patient/full_screen/view.hpp"

namespace wardline::patient::full_screen {
namespace {

constexpr std::size_t most_messages = 200;
// Of many events that come at once one picture is drawn; a key has its own.
constexpr milliseconds between_pictures{40};

}  // namespace

full_screen_console::full_screen_console(boost::asio::io_context& io, std::string patient,
                                         situation now_going_on, const clock& time)
    : time_(time),
      model_(std::move(patient), std::move(now_going_on)),
      tick_timer_(io),
      draw_timer_(io) {
  terminal_.emplace();
  terminal_->on_key = [this](const tui::key& k) { on_key(k); };
  terminal_->on_resize = [this] { draw(); };
  terminal_->on_end = [this] {
    if (to_ != nullptr) to_->exit();
  };
  pump_.emplace(io, terminal_->descriptor(), [this] {
    if (terminal_) terminal_->readable();
  });
}

void full_screen_console::begin(commands& to) {
  to_ = &to;
  draw();
  tick();
}

void full_screen_console::end() {
  to_ = nullptr;
  tick_timer_.cancel();
  draw_timer_.cancel();
  if (pump_) pump_->stop();
  terminal_.reset();
}

void full_screen_console::show(const event& e) {
  if (std::holds_alternative<enrolled>(e)) last_words_ = words_for(e);
  if (std::holds_alternative<delivery_changed>(e)) was_taken_ = true;
  if (std::holds_alternative<message_received>(e) ||
      std::holds_alternative<message_acknowledged>(e))
    is_inbox_old_ = true;
  model_.follow(e, time_.steady());
  if (terminal_ && model_.take_bell()) terminal_->beep();
  draw_soon();
}

void full_screen_console::ask_for_doctor(const crypto::identity& stranger) {
  model_.ask_for_doctor(stranger);
  draw_soon();
}

void full_screen_console::on_key(const tui::key& k) {
  if (to_ == nullptr) return;
  if (k.name == tui::key_name::redraw) terminal_->redraw();
  if (const auto asked = model_.press(k, time_.steady()))
    std::visit([this](const auto& w) { perform(w); }, *asked);
  if (terminal_) draw();
}

void full_screen_console::perform(const send_text& w) {
  was_taken_ = false;
  to_->send_text(w.text);
  if (!was_taken_) model_.put_back(w.text);
}

void full_screen_console::draw_soon() {
  if (is_draw_due_ || !terminal_) return;
  is_draw_due_ = true;
  draw_timer_.expires_after(between_pictures);
  draw_timer_.async_wait([this](const boost::system::error_code& ec) {
    is_draw_due_ = false;
    if (!ec) draw();
  });
}

void full_screen_console::draw() {
  if (!terminal_) return;
  if (to_ != nullptr && std::exchange(is_inbox_old_, false))
    model_.set_inbox(to_->inbox(most_messages), time_.steady());
  auto now = picture_of(model_, terminal_->extent(), time_.steady(), time_.now());
  model_.limit_scrolling(now.furthest);
  terminal_->show(std::move(now.screen));
}

// What the state line counts down.
void full_screen_console::tick() {
  tick_timer_.expires_after(seconds(1));
  tick_timer_.async_wait([this](const boost::system::error_code& ec) {
    if (ec || !terminal_) return;
    draw();
    tick();
  });
}

}  // namespace wardline::patient::full_screen
