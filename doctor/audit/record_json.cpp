#include "doctor/audit/record_json.hpp"

#include <nlohmann/json.hpp>

#include "common/util/text_encoding.hpp"

namespace wardline::doctor::audit {
namespace {

using json = nlohmann::ordered_json;

std::string line_of(const json& v) { return v.dump(-1, ' ', true, json::error_handler_t::replace); }

}  // namespace

json to_json(const record& r) {
  return {{"number", r.number},      {"time", r.time},          {"actor", r.what.actor},
          {"event", r.what.event},   {"whom", r.what.whom},     {"source", r.what.source},
          {"before", r.what.before}, {"after", r.what.after},   {"result", r.what.result},
          {"reason", r.what.reason}, {"detail", r.what.detail}, {"hash", to_hex(r.hash.view())}};
}

json to_json(const checkpoint& c) {
  return {{"checkpoint", c.number},
          {"time", c.time},
          {"hash", to_hex(c.hash.view())},
          {"signature", to_hex(c.signature)}};
}

json to_json(const verdict& v) {
  json findings = json::array();
  for (const auto& f : v.findings) findings.push_back({{"number", f.number}, {"what", f.what}});
  return {{"verified", v.findings.empty()},     {"records", v.last.number},
          {"hash", to_hex(v.last.hash.view())}, {"checkpoints", v.checkpoints},
          {"signed_up_to", v.signed_up_to},     {"mirrored_up_to", v.mirrored_up_to},
          {"findings", std::move(findings)}};
}

std::string to_line(const record& r) { return line_of(to_json(r)); }
std::string to_line(const checkpoint& c) { return line_of(to_json(c)); }

}  // namespace wardline::doctor::audit
