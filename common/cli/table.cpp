#include "common/cli/table.hpp"

#include <algorithm>
#include <locale.h>
#include <sys/ioctl.h>
#include <utility>
#include <wchar.h>

#include "common/util/text_encoding.hpp"

namespace wardline::cli {
namespace {

constexpr std::string_view gap = "  ";
constexpr std::string_view ellipsis = "\xe2\x80\xa6";
constexpr std::size_t default_width = 80;
constexpr std::size_t narrowest_column = 4;

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

struct glyph {
  std::size_t bytes;
  std::size_t columns;
};

// What is at the front of `text` (not empty); a malformed byte counts as one column.
glyph first_glyph(std::string_view text, mbstate_t& state) {
  wchar_t c = 0;
  const std::size_t n = ::mbrtowc(&c, text.data(), text.size(), &state);
  if (n == 0 || n > text.size()) {
    state = {};
    return {1, 1};
  }
  const int columns = ::wcwidth(c);
  return {n, columns < 0 ? 1 : static_cast<std::size_t>(columns)};
}

std::string one_line(std::string_view text) {
  std::string out = printable(text);
  std::replace(out.begin(), out.end(), '\n', ' ');
  std::replace(out.begin(), out.end(), '\t', ' ');
  return out;
}

std::size_t sum_of(const std::vector<std::size_t>& widths) {
  std::size_t sum = gap.size() * (widths.size() - 1);
  for (const auto w : widths) sum += w;
  return sum;
}

}  // namespace

std::size_t display_width(std::string_view text) {
  const utf8_locale in_use;
  mbstate_t state{};
  std::size_t columns = 0;
  while (!text.empty()) {
    const glyph g = first_glyph(text, state);
    columns += g.columns;
    text.remove_prefix(g.bytes);
  }
  return columns;
}

std::string cut_to_width(std::string_view text, std::size_t width) {
  if (display_width(text) <= width) return std::string(text);
  if (width == 0) return {};
  const utf8_locale in_use;
  mbstate_t state{};
  std::size_t taken = 0;
  std::size_t columns = 0;
  while (taken < text.size()) {
    const glyph g = first_glyph(text.substr(taken), state);
    if (columns + g.columns > width - 1) break;
    columns += g.columns;
    taken += g.bytes;
  }
  return std::string(text.substr(0, taken)) + std::string(ellipsis);
}

std::size_t terminal_width(int descriptor) {
  winsize size{};
  if (::ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return default_width;
  return size.ws_col;
}

table::table(std::vector<std::string> headings) { rows_.push_back(std::move(headings)); }

void table::add(std::vector<std::string> cells) {
  cells.resize(rows_.front().size());
  for (auto& cell : cells) cell = one_line(cell);
  rows_.push_back(std::move(cells));
}

std::string table::text(std::size_t width) const {
  std::vector<std::size_t> widths(rows_.front().size(), 0);
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], display_width(row[i]));
    }
  }
  while (width != 0 && sum_of(widths) > width) {
    auto widest = std::max_element(widths.begin(), widths.end());
    if (*widest <= narrowest_column) break;
    --*widest;
  }

  std::string out;
  for (const auto& row : rows_) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string cell = cut_to_width(row[i], widths[i]);
      if (i != 0) line += gap;
      line += cell;
      line.append(widths[i] - std::min(widths[i], display_width(cell)), ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += (width == 0 ? line : cut_to_width(line, width)) + "\n";
  }
  return out;
}

}  // namespace wardline::cli
