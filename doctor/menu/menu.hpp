#pragma once

#include <functional>
#include <string>

#include "doctor/menu/conversation.hpp"
#include "doctor/menu/desk.hpp"

namespace wardline::doctor::menu {

/// The operator's menu: its choices over the gateway's functions. It knows neither terminal nor
/// sockets: lines come in, text goes out.
class menu {
 public:
  /// `width`: columns of what is printed to, 0: no limit. `leave` is called for "Exit server".
  /// `qr`: an invite's QR code, or what else is to stand below an invite.
  menu(gateway& at, conversation::show print, conversation::show prompt,
       std::function<std::size_t()> width, std::function<void()> leave,
       std::function<std::string(const std::string& invite)> qr = {});
  menu(const menu&) = delete;
  menu& operator=(const menu&) = delete;

  /// Shows the choices and the prompt.
  void start();

  void line(const std::string& text) { talk_.line(text); }

  /// As if the patient had been chosen behind "Message a patient".
  void write_to(const std::string& patient);

  bool is_asking() const noexcept { return talk_.is_asking(); }

 private:
  void choose(const std::string& text);
  void show_choices() const;

  conversation talk_;
  desk desk_;
  std::function<void()> leave_;
};

}  // namespace wardline::doctor::menu
