#include <nlohmann/json.hpp>

#include "bench/report/writers.hpp"

namespace wardline::bench {
namespace {

using json = nlohmann::ordered_json;

json of_subject(const subject& of) {
  json out;
  out["table"] = of.table;
  out["group"] = of.group;
  out["what"] = of.what;
  out["size"] = of.size ? json(*of.size) : json(nullptr);
  out["size_unit"] = of.size_unit;
  return out;
}

void put_summary(json& to, const std::string& unit, const summary& value) {
  to["unit"] = unit;
  to["median"] = value.median;
  to["p10"] = value.p10;
  to["p90"] = value.p90;
  to["n"] = value.n;
}

}  // namespace

std::string to_json(const report& r, const environment& env, const std::string& command) {
  json out;
  out["command"] = command;
  for (const auto& [name, value] : env) out["environment"][name] = value;
  out["rows"] = json::array();
  for (const auto& row : r.rows()) {
    auto one = of_subject(row.of);
    one["who"] = row.who;
    put_summary(one, row.of.unit, summarise(row.samples));
    out["rows"].push_back(std::move(one));
  }
  out["ratios"] = json::array();
  for (const auto& ratio : r.ratios()) {
    auto one = of_subject(ratio.of);
    one["of"] = ours;
    one["to"] = ratio.to;
    put_summary(one, "1", ratio.value);
    out["ratios"].push_back(std::move(one));
  }
  out["remarks"] = r.remarks();
  return out.dump(2) + "\n";
}

}  // namespace wardline::bench
