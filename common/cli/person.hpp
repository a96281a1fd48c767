#pragma once

#include <string>

namespace wardline::cli {

/// Somebody who is asked things, one after the other, before a program begins its work.
class person {
 public:
  virtual ~person() = default;
  virtual void tell(const std::string& text) = 0;

  /// The line that is answered, without white space around it. Throws `failure` if there will be
  /// none.
  virtual std::string ask(const std::string& prompt) = 0;
};

/// At the terminal that `descriptor` is, so that standard output is free for results.
class person_at_terminal final : public person {
 public:
  explicit person_at_terminal(int descriptor = 0) : descriptor_(descriptor) {}
  void tell(const std::string& text) override;
  std::string ask(const std::string& prompt) override;

 private:
  int descriptor_;
};

/// The next line of `descriptor`, without the line feed and white space around; not a byte more is
/// read. Empty at its end. Throws `failure` if it has over 4,096 bytes or cannot be read.
std::string read_line(int descriptor);

/// `text` without the white space at both ends.
std::string trimmed(const std::string& text);

}  // namespace wardline::cli
