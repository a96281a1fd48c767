#pragma once

#include <functional>
#include <string>

namespace wardline::doctor::menu {

/// Talks with the person at the menu: shows things, asks one question at a time, and hands each
/// line to whoever asked. When nobody has asked, lines are choices from the menu.
///
/// An empty line, or "cancel" where an empty line has a meaning, ends what is going on.
class conversation {
 public:
  using answer = std::function<void(const std::string& line)>;
  using show = std::function<void(std::string text)>;

  /// `print` shows lines, `prompt` what the next line is typed behind; `choose` takes a choice.
  conversation(show print, show prompt, answer choose);

  /// A line that has been typed. A `failure` on the way is shown, with its hint.
  void line(const std::string& text);

  /// To the screen as it is; a line feed is added if there is none.
  void print(std::string text) const { print_(std::move(text)); }

  /// Asks; an empty line cancels.
  void ask(const std::string& question, answer next);

  /// Asks; an empty line stands for `otherwise`.
  void ask(const std::string& question, const std::string& otherwise, answer next);

  /// Asks for "yes"; `next` is called for that alone.
  void confirm(const std::string& question, const std::function<void()>& next);

  /// True while a question is open.
  bool is_asking() const noexcept { return static_cast<bool>(next_); }

  /// Shows the prompt of the menu, or that of the question that is open.
  void show_prompt() const;

 private:
  void take(const std::string& text);

  show print_;
  show prompt_;
  answer choose_;
  std::string question_;
  std::string otherwise_;
  answer next_;  // empty: nobody has asked
};

}  // namespace wardline::doctor::menu
