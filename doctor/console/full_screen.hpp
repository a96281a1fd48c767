#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include "common/tui/input_line.hpp"
#include "common/tui/terminal.hpp"
#include "doctor/console/model.hpp"
#include "doctor/menu/event_feed.hpp"
#include "doctor/menu/menu.hpp"
#include "doctor/menu/station.hpp"

namespace wardline::doctor::console {

/// The menu on a whole terminal, beside the ward, what was written, and the events. It asks the
/// gateway for lists at most once a second, and less often where that takes long; what happens in
/// between it is told.
class full_screen final : public menu::station {
 public:
  static bool is_possible() noexcept { return tui::terminal::is_possible(); }

  /// `leave` is called for "Exit server" and when the terminal is gone.
  full_screen(boost::asio::io_context& io, gateway& at, const clock& time,
              std::function<void()> leave);
  full_screen(const full_screen&) = delete;
  full_screen& operator=(const full_screen&) = delete;
  ~full_screen() override;

  void start() override;

  /// A line among the events.
  void note(const std::string& text);

 private:
  void wait_for_keys();
  void on_key(const tui::key& k);
  bool on_idle_key(const tui::key& k);
  void on_event(const event& e);
  void choose(const std::string& text);
  void enter();
  void submit(const std::string& text);
  void write_to_selected();
  void after_line();
  void print(const std::string& text);

  void tick();
  void refresh();
  void ask_gateway();
  void load_written();
  /// Calls it when the timer is over.
  void after(boost::asio::steady_timer& timer, void (full_screen::*what)());
  void draw_soon();
  void draw();

  gateway& at_;
  const clock& time_;
  std::function<void()> leave_;
  tui::terminal terminal_;
  boost::asio::posix::stream_descriptor keys_;
  boost::asio::steady_timer draw_timer_;
  boost::asio::steady_timer tick_timer_;
  model model_;
  tui::input_line line_;
  std::string prompt_;
  int subscription_;
  menu::menu menu_;
  menu::event_feed feed_;

  cli::log_level level_ = cli::log_level::info;  // of the event that is about to be told
  bool is_draw_due_ = false;
  bool just_chosen_ = false;  // by one key: an Enter behind it belongs to it
  bool is_submitting_ = false;
  std::optional<panel> return_to_;               // once the menu has asked all it wants to know
  std::optional<protocol::message_id> to_load_;  // the broadcast that the board is to show
  bool shows_board_ = false;                     // and that it is to be seen at once
  bool is_stale_ = true;
  std::chrono::steady_clock::time_point next_picture_{};
  std::chrono::steady_clock::time_point next_list_{};
  std::chrono::steady_clock::time_point fresh_until_{};
  std::shared_ptr<void> alive_ = std::make_shared<int>();  // see `after`
};

}  // namespace wardline::doctor::console
