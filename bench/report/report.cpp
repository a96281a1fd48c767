#include "bench/report/report.hpp"

#include <algorithm>
#include <utility>

namespace wardline::bench {

void report::add(row r) {
  if (!r.samples.empty()) rows_.push_back(std::move(r));
}

void report::remark(std::string text) {
  // A peer that is missing is missing at every size: one line is enough.
  if (std::find(remarks_.begin(), remarks_.end(), text) == remarks_.end())
    remarks_.push_back(std::move(text));
}

std::vector<ratio> report::ratios() const {
  std::vector<ratio> out;
  for (const auto& theirs : rows_) {
    if (theirs.who == ours) continue;
    const auto mine = std::find_if(rows_.begin(), rows_.end(), [&](const row& r) {
      return r.who == ours && r.of == theirs.of;
    });
    if (mine == rows_.end()) continue;
    out.push_back({theirs.of, theirs.who, summarise(paired_ratios(mine->samples, theirs.samples))});
  }
  return out;
}

}  // namespace wardline::bench
