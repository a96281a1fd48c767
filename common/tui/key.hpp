#pragma once

#include <cstdint>
#include <string>

namespace wardline::tui {

enum class key_name : std::uint8_t {
  text,  ///< one character, in `key::text`
  enter,
  escape,
  tab,
  back_tab,
  backspace,
  del,
  left,
  right,
  up,
  down,
  home,
  end,
  page_up,
  page_down,
  erase_line,    ///< Ctrl-U
  erase_word,    ///< Ctrl-W
  erase_to_end,  ///< Ctrl-K
  redraw,        ///< Ctrl-L
};

/// What was pressed.
struct key {
  key_name name = key_name::text;
  std::string text = {};   ///< of a `text` key: UTF-8, one character, never a control character
  bool is_pasted = false;  ///< it is part of a text that was pasted, and gives no order

  friend bool operator==(const key&, const key&) = default;
};

}  // namespace wardline::tui
