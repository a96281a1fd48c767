#include <fmt/format.h>

#include "bench/report/writers.hpp"

namespace wardline::bench {
namespace {

// RFC 4180, section 2: quoted where it must be, a quote within doubled.
std::string cell(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + "\"";
}

std::string line(const subject& of, const std::string& who, const std::string& unit,
                 const summary& value) {
  return fmt::format("{},{},{},{},{},{},{},{},{},{},{}\r\n", cell(of.table), cell(of.group),
                     cell(of.what), of.size ? std::to_string(*of.size) : "", cell(of.size_unit),
                     cell(who), cell(unit), value.median, value.p10, value.p90, value.n);
}

}  // namespace

std::string to_csv(const report& r) {
  std::string out = "table,group,what,size,size_unit,who,unit,median,p10,p90,n\r\n";
  for (const auto& row : r.rows())
    out += line(row.of, row.who, row.of.unit, summarise(row.samples));
  for (const auto& ratio : r.ratios())
    out += line(ratio.of, fmt::format("{} / {}", ours, ratio.to), "1", ratio.value);
  return out;
}

}  // namespace wardline::bench
