#include "common/cli/nearest.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace wardline::cli {
namespace {

constexpr std::size_t longest = 64;

/// Letters that are to be changed, added, taken away or exchanged with the one beside them.
std::size_t edits(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before;  // row i - 2 of the table, and i - 1
  std::vector<std::size_t> last(b.size() + 1);
  std::iota(last.begin(), last.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::vector<std::size_t> row(b.size() + 1, i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] =
          std::min({last[j - 1] + (a[i - 1] == b[j - 1] ? 0U : 1U), last[j] + 1, row[j - 1] + 1});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before = std::exchange(last, std::move(row));
  }
  return last.back();
}

}  // namespace

std::string nearest(std::string_view word, const std::vector<std::string>& among) {
  if (word.size() > longest) return {};
  std::string out;
  std::size_t least = std::max<std::size_t>(1, word.size() / 3) + 1;
  for (const auto& one : among) {
    if (const auto n = edits(word, one); n < least) {
      least = n;
      out = one;
    }
  }
  return out;
}

}  // namespace wardline::cli
