#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>

#include <boost/asio/steady_timer.hpp>

#include "doctor/events.hpp"

namespace wardline::doctor::menu {

/// Events as sentences for the person at the menu, with the time before each. Receipts of one
/// message that come together are one sentence: a broadcast has a thousand of them.
class event_feed {
 public:
  event_feed(boost::asio::io_context& io, event_hub& events, const clock& time,
             std::function<void(std::string)> print);
  event_feed(const event_feed&) = delete;
  event_feed& operator=(const event_feed&) = delete;
  ~event_feed();

  /// Tells of the receipts that have come; otherwise it happens by itself within half a second.
  void flush();

 private:
  struct news {
    std::set<std::string> decrypted;
    std::set<std::string> acknowledged;
  };

  void on_event(const event& e);
  void say(const std::string& text);

  event_hub& events_;
  const clock& time_;
  std::function<void(std::string)> print_;
  boost::asio::steady_timer timer_;
  std::map<protocol::message_id, news> receipts_;
  int subscription_;
  std::shared_ptr<void> alive_ = std::make_shared<int>();  // see `on_event`
};

}  // namespace wardline::doctor::menu
