#include "common/cli/table.hpp"

#include <algorithm>
#include <string_view>
#include <sys/ioctl.h>
#include <utility>

#include "common/util/text_encoding.hpp"
#include "common/util/text_width.hpp"

namespace wardline::cli {
namespace {

constexpr std::string_view gap = "  ";
constexpr std::size_t default_width = 80;
constexpr std::size_t narrowest_column = 4;

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
