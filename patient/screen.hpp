#pragma once

#include <string>

#include "common/cli/line_editor.hpp"
#include "common/cli/line_writer.hpp"

namespace wardline::patient {

/// Where the menu is shown.
class screen {
 public:
  virtual ~screen() = default;

  virtual void print(const std::string& text) = 0;
  virtual void set_prompt(const std::string& text) = 0;

  /// Whether a person sits in front of it.
  virtual bool is_terminal() const = 0;
};

/// A terminal, where what is printed goes above the line that is being typed.
class editor_screen final : public screen {
 public:
  explicit editor_screen(cli::line_editor& editor) : editor_(editor) {}
  void print(const std::string& text) override { editor_.print_above(text); }
  void set_prompt(const std::string& text) override { editor_.set_prompt(text); }
  bool is_terminal() const override { return true; }

 private:
  cli::line_editor& editor_;
};

/// Anything else: lines, and no prompt.
class plain_screen final : public screen {
 public:
  explicit plain_screen(int descriptor = 1) : out_(descriptor) {}
  void print(const std::string& text) override {
    out_.write(text.ends_with('\n') ? text.substr(0, text.size() - 1) : text);
  }
  void set_prompt(const std::string&) override {}
  bool is_terminal() const override { return false; }

 private:
  cli::line_writer out_;
};

}  // namespace wardline::patient
