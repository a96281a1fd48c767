#include "common/cli/qr_code.hpp"

#include <cerrno>
#include <cstdlib>
#include <langinfo.h>
#include <locale.h>
#include <memory>
#include <new>
#include <qrencode.h>
#include <unistd.h>

#include "common/util/error.hpp"

namespace wardline::cli {
namespace {

constexpr std::size_t quiet_zone = 4;  // modules: ISO/IEC 18004, section 6.3.8

struct freed {
  void operator()(QRcode* code) const noexcept { ::QRcode_free(code); }
};

// The locale of the person, not that of the process, which nobody may have set.
bool is_utf8_locale() {
  const locale_t persons = ::newlocale(LC_CTYPE_MASK, "", nullptr);
  if (persons == nullptr) return false;
  const bool out = std::string_view(::nl_langinfo_l(CODESET, persons)) == "UTF-8";
  ::freelocale(persons);
  return out;
}

/// The code with its quiet zone.
class framed {
 public:
  explicit framed(const qr_code& code) : code_(code) {}
  std::size_t size() const noexcept { return code_.size() + 2 * quiet_zone; }
  bool is_dark(std::size_t column, std::size_t row) const {
    const auto inside = [this](std::size_t n) {
      return n >= quiet_zone && n < quiet_zone + code_.size();
    };
    return inside(column) && inside(row) && code_.is_dark(column - quiet_zone, row - quiet_zone);
  }

 private:
  const qr_code& code_;
};

std::string_view half_blocks(bool upper, bool lower) noexcept {
  if (upper) return lower ? "\u2588" : "\u2580";
  return lower ? "\u2584" : " ";
}

std::string in_half_blocks(const framed& code, bool colours) {
  std::string out;
  for (std::size_t row = 0; row < code.size(); row += 2) {
    if (colours) out += "\x1b[0;30;47m";
    for (std::size_t column = 0; column < code.size(); ++column) {
      // Their number is odd: below the last row there is nothing, which is quiet as well.
      const bool lower = row + 1 < code.size() && code.is_dark(column, row + 1);
      out += half_blocks(code.is_dark(column, row), lower);
    }
    if (colours) out += "\x1b[0m";
    out += '\n';
  }
  return out;
}

std::string in_pairs(const framed& code, bool colours) {
  std::string out;
  for (std::size_t row = 0; row < code.size(); ++row) {
    for (std::size_t column = 0; column < code.size(); ++column) {
      const bool dark = code.is_dark(column, row);
      const bool changes = column == 0 || dark != code.is_dark(column - 1, row);
      // The signs in the colour of what is behind them, so that a module is one surface.
      if (colours && changes) out += dark ? "\x1b[0;30;40m" : "\x1b[0;37;47m";
      out += dark ? "##" : "  ";
    }
    if (colours) out += "\x1b[0m";
    out += '\n';
  }
  return out;
}

}  // namespace

qr_code::qr_code(std::string_view text) {
  const std::unique_ptr<QRcode, freed> made(
      ::QRcode_encodeData(static_cast<int>(text.size()),
                          reinterpret_cast<const unsigned char*>(text.data()), 0, QR_ECLEVEL_L));
  if (!made) {
    if (errno == ENOMEM) throw std::bad_alloc();
    throw failure("no QR code holds " + std::to_string(text.size()) + " bytes");
  }
  size_ = static_cast<std::size_t>(made->width);
  dark_.reserve(size_ * size_);
  for (std::size_t i = 0; i < size_ * size_; ++i) dark_.push_back((made->data[i] & 1U) != 0);
}

qr_look qr_look_for(int descriptor) {
  const char* terminal = std::getenv("TERM");
  const bool colours = ::isatty(descriptor) == 1 && terminal != nullptr && *terminal != '\0' &&
                       std::string_view(terminal) != "dumb";
  return {is_utf8_locale(), colours};
}

std::size_t qr_width(const qr_code& code, const qr_look& look) noexcept {
  return framed(code).size() * (look.half_blocks ? 1 : 2);
}

std::string qr_text(const qr_code& code, const qr_look& look) {
  const framed whole(code);
  return look.half_blocks ? in_half_blocks(whole, look.colours) : in_pairs(whole, look.colours);
}

}  // namespace wardline::cli
