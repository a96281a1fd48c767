#include "doctor/control/audit_entry.hpp"

#include <fmt/format.h>

#include "common/cli/time_text.hpp"
#include "doctor/audit/names.hpp"

namespace wardline::doctor::control {
namespace {

audit::entry by_operator(std::string_view event, std::string detail) {
  audit::entry out;
  out.actor = audit::actor::the_operator;
  out.event = event;
  out.detail = std::move(detail);
  return out;
}

}  // namespace

audit::entry entry_of(const audit_read_request& r) {
  std::string filter;
  const auto add = [&filter](const char* name, const std::string& value) {
    if (!value.empty()) filter += (filter.empty() ? "" : " ") + std::string(name) + "=" + value;
  };
  add("since", r.since == 0 ? "" : cli::utc_text(r.since));
  add("event", r.event);
  auto out = by_operator(audit::event::audit_read, std::move(filter));
  out.whom = r.patient;
  return out;
}

audit::entry entry_of(const audit_export_request& r) {
  auto out = by_operator(audit::event::audit_exported, "file=" + r.file);
  if (r.refused.empty()) return out;
  out.result = "refused";
  out.reason = r.refused;
  return out;
}

audit::entry entry_of(const audit_verified_request& r) {
  auto out = by_operator(audit::event::audit_verified, fmt::format("records={}", r.records));
  if (r.findings == 0) return out;
  out.result = "failed";
  out.reason = "not_verified";
  out.detail += fmt::format(" findings={} first={}", r.findings, r.first);
  return out;
}

}  // namespace wardline::doctor::control
