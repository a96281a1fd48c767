#pragma once

#include <functional>
#include <memory>
#include <unistd.h>

#include "doctor/invite_qr.hpp"
#include "doctor/menu/console.hpp"
#include "doctor/menu/event_feed.hpp"
#include "doctor/menu/menu.hpp"
#include "doctor/menu/station.hpp"

namespace wardline::doctor::menu {

/// The menu at a console, with the events printed above what is being typed.
class menu_on_console final : public station {
 public:
  /// `leave` is called for "Exit server" and at the end of the input.
  menu_on_console(boost::asio::io_context& io, gateway& at, const clock& time,
                  const std::function<void()>& leave)
      : console_(open_console(
            io, [this](const std::string& line) { menu_.line(line); }, leave)),
        menu_(
            at, [this](std::string text) { console_->print(std::move(text)); },
            [this](std::string text) { console_->prompt(std::move(text)); },
            [this] { return console_->width(); }, leave,
            [this](const std::string& invite) {
              // To a pipe or a file goes the invite alone.
              return console_->width() == 0 ? std::string() : invite_qr(invite, STDOUT_FILENO);
            }),
        feed_(io, at.events(), time,
              [this](std::string text) { console_->print(std::move(text)); }) {}

  void start() override { menu_.start(); }

 private:
  std::unique_ptr<console> console_;
  menu menu_;
  event_feed feed_;
};

}  // namespace wardline::doctor::menu
