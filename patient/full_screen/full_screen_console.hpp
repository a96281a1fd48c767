#pragma once

#include <optional>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "common/tui/terminal.hpp"
#include "patient/console.hpp"
#include "patient/descriptor_pump.hpp"
#include "patient/full_screen/model.hpp"

namespace wardline::patient::full_screen {

/// For a person at a terminal: the model, its picture, and the keys.
class full_screen_console final : public console {
 public:
  /// Takes the terminal over; throws `failure` if it cannot.
  full_screen_console(boost::asio::io_context& io, std::string patient, situation now_going_on,
                      const clock& time);

  /// From now on keys are obeyed. `to` must live until `end`.
  void begin(commands& to);

  /// Gives the terminal back. Events that come later are not shown.
  void end();

  /// What should be read where the terminal is as it was before; may be empty.
  const std::string& last_words() const noexcept { return last_words_; }

  void show(const event& e) override;
  bool can_ask() const override { return true; }
  void ask_for_doctor(const crypto::identity& stranger) override;

  /// Keys come another way.
  void on_line(const std::string&, commands&) override {}
  void on_eof(commands&) override {}

 private:
  void on_key(const tui::key& k);
  void perform(const send_text& w);
  void perform(const acknowledge& w) { to_->acknowledge(w.message); }
  void perform(const disconnect&) { to_->disconnect(); }
  void perform(const leave&) { to_->exit(); }
  void perform(const answer_doctor& w) { to_->answer_doctor(w.is_theirs); }
  void draw_soon();
  void draw();
  void tick();

  const clock& time_;
  model model_;
  commands* to_ = nullptr;
  boost::asio::steady_timer tick_timer_;
  boost::asio::steady_timer draw_timer_;
  bool is_draw_due_ = false;
  bool is_inbox_old_ = true;
  bool was_taken_ = false;  // the message that is being sent
  std::string last_words_;
  std::optional<tui::terminal> terminal_;
  std::optional<descriptor_pump> pump_;
};

}  // namespace wardline::patient::full_screen
