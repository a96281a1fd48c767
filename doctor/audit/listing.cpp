#include "doctor/audit/listing.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "common/cli/table.hpp"
#include "common/cli/time_text.hpp"
#include "common/util/text_encoding.hpp"
#include "doctor/audit/record_json.hpp"

namespace wardline::doctor::audit {
namespace {

class text final : public listing {
 public:
  text(text_sink out, std::size_t width) : out_(std::move(out)), width_(width) {}

  void add(const record& r) override {
    const auto& e = r.what;
    table_.add({std::to_string(r.number), cli::local_text(r.time), e.actor, e.event, e.whom,
                e.source, e.result, e.reason, details(e)});
    has_any_ = true;
    if (++rows_ == rows_of_a_table) print();
  }

  void end() override {
    if (!table_.empty()) print();
    if (!has_any_) out_("No such records.\n");
  }

 private:
  static constexpr std::size_t rows_of_a_table = 500;

  static cli::table headed() {
    return cli::table(
        {"NUMBER", "TIME", "WHO", "WHAT", "WHOM", "FROM", "RESULT", "REASON", "DETAIL"});
  }

  static std::string details(const entry& e) {
    std::string out = e.detail;
    if (e.before.empty() && e.after.empty()) return out;
    const auto or_nothing = [](const std::string& s) { return s.empty() ? "(nothing)" : s; };
    if (!out.empty()) out += "; ";
    return out + or_nothing(e.before) + " -> " + or_nothing(e.after);
  }

  void print() {
    out_(table_.text(width_));
    table_ = headed();
    rows_ = 0;
  }

  text_sink out_;
  std::size_t width_;
  cli::table table_ = headed();
  std::size_t rows_ = 0;
  bool has_any_ = false;
};

class json final : public listing {
 public:
  explicit json(text_sink out) : out_(std::move(out)) {}
  void add(const record& r) override {
    out_(is_first_ ? "[\n" : ",\n");
    is_first_ = false;
    out_(to_line(r));
  }
  void end() override { out_(is_first_ ? "[]\n" : "\n]\n"); }

 private:
  text_sink out_;
  bool is_first_ = true;
};

class csv final : public listing {
 public:
  explicit csv(text_sink out) : out_(std::move(out)) { out_(header); }

  void add(const record& r) override {
    const auto& e = r.what;
    std::string line = std::to_string(r.number) + ',' + cli::utc_text(r.time);
    for (const auto* value : {&e.actor, &e.event, &e.whom, &e.source, &e.before, &e.after,
                              &e.result, &e.reason, &e.detail}) {
      line += ',' + cell(*value);
    }
    out_(line + ',' + to_hex(r.hash.view()) + "\r\n");
  }
  void end() override {}

 private:
  static constexpr std::string_view header =
      "number,time,actor,event,whom,source,before,after,result,reason,detail,hash\r\n";

  static std::string cell(const std::string& value) {
    auto safe = printable(value);
    std::replace(safe.begin(), safe.end(), '\n', ' ');
    std::replace(safe.begin(), safe.end(), '\t', ' ');
    // Spaces before it do not make a formula harmless.
    const auto first = safe.find_first_not_of(' ');
    if (first != std::string::npos &&
        std::string_view("=+-@").find(safe[first]) != std::string_view::npos) {
      safe.insert(safe.begin(), '\'');
    }
    if (safe.find_first_of(",\"") == std::string::npos) return safe;
    std::string out = "\"";
    for (const char c : safe) {
      if (c == '"') out += '"';
      out += c;
    }
    return out + '"';
  }

  text_sink out_;
};

}  // namespace

std::unique_ptr<listing> text_listing(text_sink out, std::size_t width) {
  return std::make_unique<text>(std::move(out), width);
}

std::unique_ptr<listing> json_listing(text_sink out) {
  return std::make_unique<json>(std::move(out));
}

std::unique_ptr<listing> csv_listing(text_sink out) {
  return std::make_unique<csv>(std::move(out));
}

}  // namespace wardline::doctor::audit
