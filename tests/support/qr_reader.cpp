#include "tests/support/qr_reader.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "tests/support/catch.hpp"

namespace wardline::test {
namespace {

constexpr std::size_t quiet = 4;

/// ISO/IEC 18004, tables 9 and E.1, of level L.
struct layout {
  std::size_t correction;  ///< codewords of error correction in a block
  std::size_t blocks;      ///< of `data` codewords, and
  std::size_t data;
  std::size_t longer;  ///< so many of one more
  std::vector<std::size_t> alignment;
};

const std::array<layout, 15> layouts{{{7, 1, 19, 0, {}},
                                      {10, 1, 34, 0, {6, 18}},
                                      {15, 1, 55, 0, {6, 22}},
                                      {20, 1, 80, 0, {6, 26}},
                                      {26, 1, 108, 0, {6, 30}},
                                      {18, 2, 68, 0, {6, 34}},
                                      {20, 2, 78, 0, {6, 22, 38}},
                                      {24, 2, 97, 0, {6, 24, 42}},
                                      {30, 2, 116, 0, {6, 26, 46}},
                                      {18, 2, 68, 2, {6, 28, 50}},
                                      {20, 4, 81, 0, {6, 30, 54}},
                                      {24, 2, 92, 2, {6, 32, 58}},
                                      {26, 4, 107, 0, {6, 34, 62}},
                                      {30, 3, 115, 1, {6, 26, 46, 66}},
                                      {22, 5, 87, 1, {6, 26, 48, 70}}}};

class reader {
 public:
  explicit reader(const qr_modules& whole) : whole_(whole) {
    REQUIRE(whole.size() > 2 * quiet);
    size_ = whole.size() - 2 * quiet;
    for (const auto& row : whole) REQUIRE(row.size() == whole.size());
    REQUIRE(size_ % 4 == 1);
    version_ = (size_ - 17) / 4;
    REQUIRE(version_ >= 1);
    REQUIRE(version_ <= layouts.size());
  }

  void check_frame() const {
    for (std::size_t y = 0; y < whole_.size(); ++y) {
      for (std::size_t x = 0; x < whole_.size(); ++x) {
        const bool inside = x >= quiet && y >= quiet && x < quiet + size_ && y < quiet + size_;
        if (!inside && whole_[y][x]) FAIL("the quiet zone is dark at " << x << ", " << y);
      }
    }
    check_finder(0, 0);
    check_finder(size_ - 7, 0);
    check_finder(0, size_ - 7);
    CHECK_FALSE(has_finder(size_ - 7, size_ - 7));
    for (std::size_t i = 8; i < size_ - 8; ++i) {
      REQUIRE(at(i, 6) == (i % 2 == 0));
      REQUIRE(at(6, i) == (i % 2 == 0));
    }
  }

  std::string text() {
    read_format();
    const auto words = data_of(codewords());
    std::size_t bit = 0;
    const auto take = [&](std::size_t n) {
      std::size_t out = 0;
      for (; n > 0; --n, ++bit) out = out << 1U | (words.at(bit / 8) >> (7 - bit % 8) & 1U);
      return out;
    };
    REQUIRE(take(4) == 4);  // byte mode
    std::string out(take(version_ < 10 ? 8 : 16), '\0');
    for (auto& c : out) c = static_cast<char>(take(8));
    CHECK(take(4) == 0);  // the end
    return out;
  }

 private:
  bool at(std::size_t x, std::size_t y) const { return whole_[y + quiet][x + quiet]; }

  bool has_finder(std::size_t left, std::size_t top) const {
    for (std::size_t y = 0; y < 7; ++y) {
      for (std::size_t x = 0; x < 7; ++x) {
        const auto ring = std::max(x < 3 ? 3 - x : x - 3, y < 3 ? 3 - y : y - 3);
        if (at(left + x, top + y) != (ring != 2)) return false;
      }
    }
    return true;
  }
  void check_finder(std::size_t left, std::size_t top) const { REQUIRE(has_finder(left, top)); }

  void read_format() {
    unsigned bits = 0;
    const auto take = [&](std::size_t x, std::size_t y) {
      bits = bits << 1U | (at(x, y) ? 1U : 0U);
    };
    for (const std::size_t x : {0, 1, 2, 3, 4, 5, 7, 8}) take(x, 8);
    for (const std::size_t y : {7, 5, 4, 3, 2, 1, 0}) take(8, y);
    bits ^= 0x5412U;
    // BCH(15, 5): what is no codeword was mirrored, or was never a format.
    unsigned rest = bits;
    for (unsigned i = 15; i-- > 10;)
      if ((rest >> i & 1U) != 0) rest ^= 0x537U << (i - 10);
    REQUIRE(rest == 0);
    REQUIRE(bits >> 13U == 1);  // level L
    mask_ = bits >> 10U & 7U;
  }

  bool is_masked(std::size_t j, std::size_t i) const {
    switch (mask_) {
      case 0:
        return (i + j) % 2 == 0;
      case 1:
        return i % 2 == 0;
      case 2:
        return j % 3 == 0;
      case 3:
        return (i + j) % 3 == 0;
      case 4:
        return (i / 2 + j / 3) % 2 == 0;
      case 5:
        return i * j % 2 + i * j % 3 == 0;
      case 6:
        return (i * j % 2 + i * j % 3) % 2 == 0;
      default:
        return ((i + j) % 2 + i * j % 3) % 2 == 0;
    }
  }

  bool is_function(std::size_t x, std::size_t y) const {
    if (x == 6 || y == 6) return true;
    if (x < 9 && y < 9) return true;
    if (x >= size_ - 8 && y < 9) return true;
    if (x < 9 && y >= size_ - 8) return true;
    if (version_ >= 7 && x < 6 && y >= size_ - 11) return true;
    if (version_ >= 7 && y < 6 && x >= size_ - 11) return true;
    const auto& centres = layouts.at(version_ - 1).alignment;
    for (const auto cx : centres) {
      for (const auto cy : centres) {
        const bool on_finder = (cx == 6 && cy == 6) || (cx == 6 && cy == centres.back()) ||
                               (cx == centres.back() && cy == 6);
        if (!on_finder && x + 2 >= cx && x <= cx + 2 && y + 2 >= cy && y <= cy + 2) return true;
      }
    }
    return false;
  }

  std::vector<unsigned> codewords() const {
    std::vector<unsigned> out;
    unsigned word = 0;
    unsigned bits = 0;
    bool upwards = true;
    for (std::size_t right = size_ - 1; right >= 1; right -= 2) {
      if (right == 6) right = 5;  // the column of the timing pattern
      for (std::size_t i = 0; i < size_; ++i) {
        const auto y = upwards ? size_ - 1 - i : i;
        for (const auto x : {right, right - 1}) {
          if (is_function(x, y)) continue;
          word = word << 1U | (at(x, y) != is_masked(x, y) ? 1U : 0U);
          if (++bits % 8 == 0) out.push_back(std::exchange(word, 0));
        }
      }
      upwards = !upwards;
      if (right == 1) break;
    }
    return out;
  }

  // The blocks are interleaved, word by word.
  std::vector<unsigned> data_of(const std::vector<unsigned>& words) const {
    const auto& l = layouts.at(version_ - 1);
    const auto count = l.blocks + l.longer;
    std::vector<std::vector<unsigned>> blocks(count);
    REQUIRE(words.size() == count * (l.data + l.correction) + l.longer);
    std::size_t next = 0;
    for (std::size_t i = 0; i <= l.data; ++i) {
      for (std::size_t b = 0; b < count; ++b)
        if (i < l.data || b >= l.blocks) blocks[b].push_back(words[next++]);
    }
    std::vector<unsigned> out;
    for (const auto& b : blocks) out.insert(out.end(), b.begin(), b.end());
    return out;
  }

  const qr_modules& whole_;
  std::size_t size_ = 0;
  std::size_t version_ = 0;
  unsigned mask_ = 0;
};

/// One character of a terminal: whether its upper and its lower half are dark.
struct cell {
  bool upper;
  bool lower;
};

std::vector<std::vector<cell>> cells_of(std::string_view text) {
  std::vector<std::vector<cell>> out;
  std::vector<cell> row;
  bool ink_is_dark = true;
  bool paper_is_dark = false;
  const auto take = [&text](std::string_view what) {
    if (!text.starts_with(what)) return false;
    text.remove_prefix(what.size());
    return true;
  };
  const auto put = [&](bool upper, bool lower) {
    row.push_back({upper ? ink_is_dark : paper_is_dark, lower ? ink_is_dark : paper_is_dark});
  };
  while (!text.empty()) {
    if (take("\x1b[0;30;47m")) {
      ink_is_dark = true;
      paper_is_dark = false;
    } else if (take("\x1b[0;37;47m")) {
      ink_is_dark = paper_is_dark = false;
    } else if (take("\x1b[0;30;40m")) {
      ink_is_dark = paper_is_dark = true;
    } else if (take("\x1b[0m\n") || take("\n")) {
      out.push_back(std::exchange(row, {}));
    } else if (take(" ")) {
      put(false, false);
    } else if (take("\u2588") || take("#")) {
      put(true, true);
    } else if (take("\u2580")) {
      put(true, false);
    } else if (take("\u2584")) {
      put(false, true);
    } else {
      FAIL("that is no part of a code: " << text.substr(0, 8));
    }
  }
  REQUIRE(row.empty());
  return out;
}

}  // namespace

qr_modules seen_on_terminal(std::string_view text) {
  const auto cells = cells_of(text);
  qr_modules out;
  const bool is_halved = !cells.empty() && cells.front().size() > cells.size();
  const bool is_paired = is_halved && cells.front().size() == 2 * cells.size();
  for (const auto& line : cells) {
    std::vector<bool> upper;
    std::vector<bool> lower;
    for (std::size_t i = 0; i < line.size(); i += is_paired ? 2 : 1) {
      upper.push_back(line[i].upper);
      lower.push_back(line[i].lower);
      if (is_paired) REQUIRE(line.at(i + 1).upper == line[i].upper);
    }
    out.push_back(upper);
    if (!is_paired) out.push_back(lower);
  }
  // Of an odd number of modules the last half line is the terminal's.
  if (!is_paired && out.size() == out.front().size() + 1) out.pop_back();
  return out;
}

std::string read_qr(const qr_modules& whole) {
  reader r(whole);
  r.check_frame();
  return r.text();
}

}  // namespace wardline::test
