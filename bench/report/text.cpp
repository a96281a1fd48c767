#include <algorithm>

#include <fmt/format.h>

#include "bench/report/number.hpp"
#include "bench/report/writers.hpp"
#include "common/cli/table.hpp"

namespace wardline::bench {
namespace {

std::vector<std::string> tables_of(const report& r) {
  std::vector<std::string> out;
  for (const auto& row : r.rows()) {
    if (std::find(out.begin(), out.end(), row.of.table) == out.end()) out.push_back(row.of.table);
  }
  return out;
}

// The subjects in the order in which they first appear, ours first within each.
std::vector<const row*> rows_of(const report& r, const std::string& table) {
  std::vector<const row*> out;
  for (const auto& row : r.rows()) {
    if (row.of.table != table) continue;
    const auto same = [&](const auto* other) { return other->of == row.of; };
    const auto last = std::find_if(out.rbegin(), out.rend(), same);
    if (last == out.rend()) {
      out.push_back(&row);
    } else if (row.who == ours) {
      out.insert(std::find_if(out.begin(), out.end(), same), &row);
    } else {
      out.insert(last.base(), &row);
    }
  }
  return out;
}

std::string size_text(const subject& of) {
  return of.size ? count_text(*of.size) + " " + of.size_unit : "";
}

std::string ratio_text(const std::vector<ratio>& ratios, const row& theirs) {
  for (const auto& r : ratios) {
    if (r.to == theirs.who && r.of == theirs.of) {
      return fmt::format("{} ({} .. {})", number_text(r.value.median), number_text(r.value.p10),
                         number_text(r.value.p90));
    }
  }
  return "";
}

std::string table_text(const report& r, const std::vector<ratio>& ratios, const std::string& name) {
  cli::table out(
      {"what", "group", "size", "who", "median", "p10", "p90", "unit", "n", "Wardline / it"});
  const subject* before = nullptr;
  for (const auto* row : rows_of(r, name)) {
    const bool again = before != nullptr && *before == row->of;
    const auto value = summarise(row->samples);
    out.add({again ? "" : row->of.what, again ? "" : row->of.group, again ? "" : size_text(row->of),
             row->who, number_text(value.median), number_text(value.p10), number_text(value.p90),
             row->of.unit, std::to_string(value.n), ratio_text(ratios, *row)});
    before = &row->of;
  }
  return fmt::format("{}\n{}\n", name, out.text(0));
}

}  // namespace

std::string to_text(const report& r, const environment& env) {
  std::string out;
  for (const auto& [name, value] : env) out += fmt::format("{:<17} {}\n", name, value);
  out += "\n";
  const auto ratios = r.ratios();
  for (const auto& name : tables_of(r)) out += table_text(r, ratios, name);
  if (!r.remarks().empty()) out += "remarks\n";
  for (const auto& remark : r.remarks()) out += fmt::format("- {}\n", remark);
  return out;
}

}  // namespace wardline::bench
