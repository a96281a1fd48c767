#pragma once

#include <algorithm>
#include <cstddef>
#include <map>
#include <string>

namespace wardline::doctor {

/// Goes round a table, a part of it in each turn, so that a large one costs each turn little: what
/// is in it is looked at within `turns` turns, and as many more as newcomers take. A table of up to
/// `few` is looked at whole.
class rounds {
 public:
  static constexpr std::size_t turns = 4;
  static constexpr std::size_t few = 64;

  /// Calls `look(key, value)` for each whose turn it is: none twice, in the order of the table,
  /// from where the turn before ended. It must leave the table as it is.
  template <class Value, class Look>
  void turn(const std::map<std::string, Value>& table, const Look& look) {
    auto left = std::min(table.size(), std::max(few, (table.size() + turns - 1) / turns));
    for (auto at = table.upper_bound(last_); left > 0; ++at, --left) {
      if (at == table.end()) at = table.begin();
      look(at->first, at->second);
      if (left == 1) last_ = at->first;
    }
  }

 private:
  std::string last_;
};

}  // namespace wardline::doctor
