#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// QR codes (ISO/IEC 18004) as text, to be read from a terminal by a camera.
namespace wardline::cli {

/// A square of modules, without the quiet zone around it.
class qr_code {
 public:
  /// Of `text` as bytes, with the lowest level of error correction: a screen is not scratched, and
  /// large modules are easier to read than small ones. Throws `failure` if `text` is empty or has
  /// more than a code can hold (2,953 bytes).
  explicit qr_code(std::string_view text);

  std::size_t size() const noexcept { return size_; }  ///< modules on each side: 21 .. 177
  bool is_dark(std::size_t column, std::size_t row) const { return dark_[row * size_ + column]; }

 private:
  std::size_t size_;
  std::vector<bool> dark_;
};

struct qr_look {
  /// Two modules in a character, one above the other (U+2580, U+2584, U+2588); else a module is
  /// two characters, "##" or blanks.
  bool half_blocks;
  /// Black on white whatever the terminal's own colours are; else as it comes, for a file or paper.
  bool colours;
};

/// What suits a descriptor: colours if it is a terminal and TERM is not "dumb", half blocks if the
/// person's locale is UTF-8.
qr_look qr_look_for(int descriptor);

/// The columns that the code takes on a terminal, with its quiet zone.
std::size_t qr_width(const qr_code& code, const qr_look& look) noexcept;

/// The code in lines, with a quiet zone of four modules on every side, which readers need.
std::string qr_text(const qr_code& code, const qr_look& look);

}  // namespace wardline::cli
