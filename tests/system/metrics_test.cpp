// /metrics and /healthz of the real gateway.
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "tests/support/catch.hpp"
#include "tests/support/http_request.hpp"
#include "tests/support/small_disk.hpp"
#include "tests/support/thrown.hpp"
#include "tests/system/visits.hpp"

namespace wardline::test {
namespace {

struct metered_doctor : doctor_program {
  metered_doctor() : doctor_program("ristretto255", {"--metrics", "0"}) {
    const std::string address = events().await("metrics_listening").at("address");
    CHECK(address.rfind("127.0.0.1:", 0) == 0);
    metrics_port = static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
  }

  std::string metrics() const { return body_of(http_get(metrics_port, "/metrics")); }
  std::string health() const { return http_get(metrics_port, "/healthz"); }

  std::uint16_t metrics_port = 0;
};

/// Of the package prometheus, which is too large for the sake of two tests.
std::string promtool() {
  const char* other = std::getenv("WARDLINE_PROMTOOL");
  std::string program = other == nullptr ? "/usr/bin/promtool" : other;
  if (std::filesystem::exists(program)) return program;
  WARN("promtool: skipped, it is not installed (package prometheus, or WARDLINE_PROMTOOL)");
  return {};
}

const std::string source = WARDLINE_SOURCE_DIR;

std::string content_of(const std::string& file) {
  std::ifstream in(source + "/" + file);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE(
    "the metrics of a gateway count what has happened, and promtool finds no fault with them") {
  metered_doctor doctor;
  patient_program alice("alice");
  alice.sign_in(doctor);
  doctor.command({"broadcast", "Fire drill", "--wait", "60"});
  const auto text = doctor.metrics();
  for (const auto* line :
       {"wardline_sessions 1\n", "wardline_patients_enrolled 1\n",
        "wardline_sign_ins_total{way=\"full\"} 1\n", "wardline_broadcasts_total 1\n",
        "wardline_deliveries_total{state=\"decrypted\"} 1\n"}) {
    INFO(line << "in\n" << text);
    CHECK(contains(text, line));
  }
  CHECK_FALSE(contains(text, "alice"));
  CHECK_FALSE(contains(text, "Fire"));
  if (const auto tool = promtool(); !tool.empty()) {
    const auto out = run_program({tool, "check", "metrics"}, text);
    CHECK(out.status == 0);
    CHECK(out.output + out.errors == "");
  }
}

TEST_CASE("a gateway is well until its disk takes nothing, and again when there is space") {
  small_disk disk(8U << 20U);
  if (!disk.is_there()) {
    WARN("small disk: skipped, this user may not mount one");
    return;
  }
  metered_doctor doctor;
  CHECK(contains(doctor.health(), "HTTP/1.1 200"));
  disk.fill();
  const auto health = doctor.health();
  CHECK(contains(health, "HTTP/1.1 503"));
  CHECK(contains(body_of(health), "No space left on device"));
  disk.clear();
  CHECK(contains(doctor.health(), "HTTP/1.1 200"));
}

TEST_CASE("every figure of the alert rules and of the dashboard is one that a gateway has") {
  metered_doctor doctor;
  const auto text = doctor.metrics();
  std::size_t found = 0;
  for (const auto* file : {"docs/prometheus-rules.yml", "docs/grafana-dashboard.json"}) {
    const auto content = content_of(file);
    for (std::size_t at = 0; (at = content.find("wardline_", at)) != std::string::npos; ++at) {
      const auto end = content.find_first_not_of("abcdefghijklmnopqrstuvwxyz_", at);
      const auto name = content.substr(at, end - at);
      INFO(file << ": " << name);
      CHECK(contains(text, "# TYPE " + name + " "));
      ++found;
    }
  }
  CHECK(found > 20);
  CHECK(json::parse(content_of("docs/grafana-dashboard.json")).at("panels").size() > 5);
}

TEST_CASE("promtool finds no fault with the alert rules, and they alert when they should") {
  const auto tool = promtool();
  if (tool.empty()) return;
  CHECK(run_program({tool, "check", "rules", source + "/docs/prometheus-rules.yml"}).status == 0);
  const auto out =
      run_program({tool, "test", "rules", source + "/tests/prometheus/rules_test.yml"});
  INFO(out.output << out.errors);
  CHECK(out.status == 0);
}

}  // namespace wardline::test
