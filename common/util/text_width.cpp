#include "common/util/text_width.hpp"

#include <algorithm>
#include <locale.h>
#include <wchar.h>

namespace wardline {
namespace {

constexpr std::string_view ellipsis = "\xe2\x80\xa6";

// wcwidth() judges by the locale of the thread; ours is UTF-8 whatever the person's is.
class utf8_locale {
 public:
  utf8_locale() : before_(::uselocale(instance())) {}
  utf8_locale(const utf8_locale&) = delete;
  utf8_locale& operator=(const utf8_locale&) = delete;
  ~utf8_locale() { ::uselocale(before_); }

 private:
  static locale_t instance() {
    static const locale_t utf8 = ::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
    return utf8;  // null leaves the thread's as it is
  }
  locale_t before_;
};

// With the locale in use.
glyph measure(std::string_view text) {
  mbstate_t state{};
  wchar_t c = 0;
  const std::size_t n = ::mbrtowc(&c, text.data(), text.size(), &state);
  if (n == 0 || n > text.size()) return {1, 1};
  const int columns = ::wcwidth(c);
  return {n, columns < 0 ? 1 : static_cast<std::size_t>(columns)};
}

// How many bytes of `text` fit into `width` columns, combining characters at the end included.
std::size_t bytes_that_fit(std::string_view text, std::size_t width) {
  std::size_t taken = 0;
  std::size_t columns = 0;
  while (taken < text.size()) {
    const glyph g = measure(text.substr(taken));
    if (columns + g.columns > width) break;
    columns += g.columns;
    taken += g.bytes;
  }
  return taken;
}

void wrap_line(std::string_view line, std::size_t width, std::vector<std::string>& out) {
  for (;;) {
    const std::size_t fits = bytes_that_fit(line, width);
    if (fits == line.size()) break;
    std::size_t end = fits;
    if (line[fits] != ' ') {
      const auto space = line.substr(0, fits).rfind(' ');
      if (space != std::string_view::npos && space > 0) end = space;
    }
    out.emplace_back(line.substr(0, end));
    line.remove_prefix(end);
    if (!line.empty() && line.front() == ' ') line.remove_prefix(1);
  }
  out.emplace_back(line);
}

}  // namespace

glyph first_glyph(std::string_view text) {
  const utf8_locale in_use;
  return measure(text);
}

std::size_t display_width(std::string_view text) {
  const utf8_locale in_use;
  std::size_t columns = 0;
  while (!text.empty()) {
    const glyph g = measure(text);
    columns += g.columns;
    text.remove_prefix(g.bytes);
  }
  return columns;
}

std::string cut_to_width(std::string_view text, std::size_t width) {
  if (display_width(text) <= width) return std::string(text);
  if (width == 0) return {};
  const utf8_locale in_use;
  return std::string(text.substr(0, bytes_that_fit(text, width - 1))) + std::string(ellipsis);
}

std::vector<std::string> wrapped(std::string_view text, std::size_t width) {
  const utf8_locale in_use;
  std::vector<std::string> out;
  width = std::max<std::size_t>(width, 2);  // or a wide character would never fit
  if (text.ends_with('\n')) text.remove_suffix(1);
  for (;;) {
    const auto end = std::min(text.find('\n'), text.size());
    wrap_line(text.substr(0, end), width, out);
    if (end == text.size()) return out;
    text.remove_prefix(end + 1);
  }
}

}  // namespace wardline
