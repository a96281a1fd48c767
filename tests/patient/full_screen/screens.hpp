#pragma once

#include "patient/full_screen/view.hpp"
#include "tests/patient/people.hpp"

/// What the tests of the full-screen console share.
namespace wardline::test {

using namespace std::chrono_literals;

inline tui::key letter(std::string_view text) { return {tui::key_name::text, std::string(text)}; }
inline tui::key pressed(tui::key_name name) { return {name, {}}; }

inline patient::inbox_message message(byte id, std::string_view text,
                                      protocol::priority priority = protocol::priority::routine) {
  auto content = make_text(id, text, 1'000'000U + id);
  content.priority = priority;
  return {content, true, 2'000'000, std::nullopt};
}

/// A person in front of a screen, and the time that the test moves.
struct desk {
  explicit desk(std::string doctor = "dr-lee") : at("alice", {std::move(doctor), {}}) {}

  void type(std::string_view text) {
    for (const char c : text) press(letter({&c, 1}));
  }
  std::optional<patient::full_screen::wish> press(const tui::key& k) { return at.press(k, now); }
  std::optional<patient::full_screen::wish> press(tui::key_name n) { return press(pressed(n)); }

  void has(std::vector<patient::inbox_message> messages) { at.set_inbox(std::move(messages), now); }
  void hear(const patient::event& e) { at.follow(e, now); }

  /// What the person sees.
  tui::canvas picture(tui::size extent = {80, 24}) {
    auto out = patient::full_screen::picture_of(at, extent, now, 3'000'000);
    at.limit_scrolling(out.furthest);
    return std::move(out.screen);
  }
  std::string seen(tui::size extent = {80, 24}) { return picture(extent).text(); }

  patient::full_screen::model at;
  patient::full_screen::model::time_point now{};
};

}  // namespace wardline::test
