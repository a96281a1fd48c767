#include "doctor/audit/export_lines.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include <nlohmann/json.hpp>

#include "common/util/text_encoding.hpp"
#include "doctor/audit/record_json.hpp"

namespace wardline::doctor::audit {
namespace {

using json = nlohmann::json;

/// A flat object, or null.
json flat_object(const std::string& line) {
  bool is_deep = false;
  auto value = json::parse(
      line,
      [&is_deep](int depth, json::parse_event_t event, json&) {
        const bool opens =
            event == json::parse_event_t::object_start || event == json::parse_event_t::array_start;
        is_deep = is_deep || (opens && depth > 0);
        return !is_deep;
      },
      false);
  if (is_deep || !value.is_object()) return nullptr;
  return value;
}

bool get(const json& from, const char* name, std::string& to) {
  const auto found = from.find(name);
  if (found == from.end() || !found->is_string()) return false;
  to = found->get<std::string>();
  return true;
}

bool get(const json& from, const char* name, std::uint64_t& to) {
  const auto found = from.find(name);
  if (found == from.end() || !found->is_number_unsigned()) return false;
  to = found->get<std::uint64_t>();
  return true;
}

bool get(const json& from, const char* name, bytes& to) {
  std::string text;
  if (!get(from, name, text)) return false;
  auto value = from_hex(text);
  if (value) to = std::move(*value);
  return value.has_value();
}

bool get(const json& from, const char* name, crypto::digest& to) {
  bytes value;
  if (!get(from, name, value)) return false;
  const auto whole = crypto::digest::from(value);
  if (whole) to = *whole;
  return whole.has_value();
}

}  // namespace

std::string export_header(const crypto::identity& doctor) {
  const nlohmann::ordered_json out{{"wardline_audit", 1},
                                   {"doctor", to_hex(crypto::encode(doctor))},
                                   {"fingerprint", to_hex(crypto::fingerprint_of(doctor).view())}};
  return out.dump();
}

std::optional<crypto::identity> doctor_of_header(const std::string& line) {
  bytes encoded;
  if (!get(flat_object(line), "doctor", encoded)) return std::nullopt;
  auto doctor = crypto::decode_identity(encoded);
  if (!doctor || doctor->role != crypto::role::doctor || !crypto::check_public_keys(*doctor) ||
      export_header(*doctor) != line) {
    return std::nullopt;
  }
  return std::move(*doctor);
}

std::optional<record> record_of_line(const std::string& line) {
  const auto value = flat_object(line);
  record r{};
  auto& e = r.what;
  const bool is_whole = get(value, "number", r.number) && get(value, "time", r.time) &&
                        get(value, "actor", e.actor) && get(value, "event", e.event) &&
                        get(value, "whom", e.whom) && get(value, "source", e.source) &&
                        get(value, "before", e.before) && get(value, "after", e.after) &&
                        get(value, "result", e.result) && get(value, "reason", e.reason) &&
                        get(value, "detail", e.detail) && get(value, "hash", r.hash);
  if (!is_whole || to_line(r) != line) return std::nullopt;
  return r;
}

std::optional<checkpoint> checkpoint_of_line(const std::string& line) {
  if (line.rfind(R"({"checkpoint")", 0) != 0) return std::nullopt;
  const auto value = flat_object(line);
  checkpoint c{};
  const bool is_whole = get(value, "checkpoint", c.number) && get(value, "time", c.time) &&
                        get(value, "hash", c.hash) && get(value, "signature", c.signature);
  if (!is_whole || to_line(c) != line) return std::nullopt;
  return c;
}

line_file::line_file(std::filesystem::path file)
    : file_(std::move(file)), in_(std::fopen(file_.c_str(), "rbe")) {
  if (!in_) throw failure("cannot open " + file_.string() + ": " + std::strerror(errno));
}

bool line_file::next(std::string& line) {
  line.clear();
  bool is_too_long = false;
  int c = 0;
  while ((c = std::getc(in_.get())) != EOF && c != '\n') {
    is_too_long = is_too_long || line.size() >= max_line;
    if (!is_too_long) line += static_cast<char>(c);
  }
  if (std::ferror(in_.get()) != 0) {
    throw failure("cannot read " + file_.string() + ": " + std::strerror(errno));
  }
  const bool is_over = c == EOF && line.empty();
  if (is_too_long || c == EOF) line.clear();
  return !is_over;
}

}  // namespace wardline::doctor::audit
