#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/tui/key.hpp"

namespace wardline::tui {

/// Makes keys of the bytes that a terminal sends, however they are cut into pieces: UTF-8, control
/// characters, and the sequences that terminals of the xterm family send for cursor keys. What it
/// does not know is left out.
///
/// A text that is pasted (between the marks of "bracketed paste") is text from end to end: its line
/// feeds are spaces, and each of its keys says that it was pasted, so that none gives an order.
class key_decoder {
 public:
  std::vector<key> decode(std::string_view bytes);

  /// True if a single Escape may be the key, or the beginning of a sequence: when nothing follows
  /// for a moment, `flush` says that it was the key.
  bool is_pending() const noexcept {
    return !is_pasting_ && !pending_.empty() && pending_.front() == '\x1b';
  }
  std::vector<key> flush();

 private:
  bool decode_one(std::vector<key>& out);
  bool decode_sequence(std::vector<key>& out);
  void control(char c, std::vector<key>& out) const;

  std::string pending_;  // what is not decoded yet
  bool is_pasting_ = false;
};

}  // namespace wardline::tui
