// Each subcommand of wardline-bench, on tiny sizes: what it says, not how fast it is.
#include <fstream>
#include <sstream>

#include <nlohmann/json.hpp>

#include "tests/support/catch.hpp"
#include "tests/support/json_shape.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temporary_directory.hpp"

namespace wardline::test {
namespace {

using json = nlohmann::json;

struct bench_run {
  finished program;
  json report;
};

bench_run run_bench(std::vector<std::string> words) {
  const temporary_directory folder;
  const auto file = folder.path() / "report.json";
  words.insert(words.begin(), WARDLINE_BENCH_BINARY);
  words.insert(words.end(), {"--quick", "--group", "ristretto255", "--patients", "5,7",
                             "--repetitions", "2", "--json", file.string()});
  bench_run out{run_program(words), {}};
  CAPTURE(out.program.output, out.program.errors);
  REQUIRE(out.program.status == 0);
  std::ifstream in(file);
  out.report = json::parse(in);
  return out;
}

void must_have_figures(const json& row) {
  CAPTURE(row.dump());
  CHECK_FALSE(row.at("unit").get<std::string>().empty());
  const double median = row.at("median");
  CHECK(median > 0);
  CHECK(row.at("p10") <= median);
  CHECK(row.at("p90") >= median);
  CHECK(row.at("n").get<int>() >= 1);
}

const json* find_row(const json& rows, const std::string& what, const std::string& who) {
  for (const auto& row : rows) {
    if (row.at("what") == what && row.at("who") == who) return &row;
  }
  return nullptr;
}

/// As docs/cli.md says.
void must_be_as_documented(const json& report) {
  std::ifstream in(std::string(WARDLINE_SOURCE_DIR) + "/docs/cli.md");
  std::ostringstream document;
  document << in.rdbuf();
  auto shapes = shapes_below(document.str(), "### What `--json FILE` writes");
  CHECK(shapes.at("wardline-bench").problems(report) == std::vector<std::string>{});
}

// Rows of this subcommand and of no other, every figure whole.
json measure(const std::string& subcommand, const std::vector<std::string>& more = {}) {
  std::vector<std::string> words{subcommand};
  words.insert(words.end(), more.begin(), more.end());
  auto run = run_bench(words);
  REQUIRE_FALSE(run.report.at("rows").empty());
  must_be_as_documented(run.report);
  for (const auto& row : run.report.at("rows")) {
    CHECK(row.at("table") == subcommand);
    must_have_figures(row);
    CHECK(run.program.output.find(row.at("who").get<std::string>()) != std::string::npos);
  }
  for (const auto& ratio : run.report.at("ratios")) {
    must_have_figures(ratio);
    CHECK(ratio.at("of") == "Wardline");
  }
  for (const char* name : {"cpu", "compiler", "flags", "openssl", "wardline"})
    CHECK_FALSE(run.report.at("environment").at(name).get<std::string>().empty());
  return run.report;
}

}  // namespace

TEST_CASE("wardline-bench primitives sets each operation beside the libraries") {
  const auto report = measure("primitives");
  CHECK(find_row(report.at("rows"), "signature", "Wardline") != nullptr);
  CHECK(find_row(report.at("rows"), "key generation", "Wardline") != nullptr);
  CHECK_FALSE(report.at("ratios").empty());
}

TEST_CASE("wardline-bench handshake sets full and resumed sign-ins beside TLS") {
  const auto report = measure("handshake");
  CHECK_FALSE(report.at("ratios").empty());
}

TEST_CASE("wardline-bench storm lets all sign in at once, full and resumed") {
  const auto report = measure("storm");
  CHECK(find_row(report.at("rows"), "full sign-ins", "Wardline") != nullptr);
  CHECK(find_row(report.at("rows"), "resumed sign-ins", "Wardline") != nullptr);
}

TEST_CASE("wardline-bench fanout sets a broadcast beside the bare send loop") {
  const auto report = measure("fanout");
  CHECK(find_row(report.at("rows"), "last delivery", "Wardline") != nullptr);
  CHECK(find_row(report.at("rows"), "last delivery", "bare send loop") != nullptr);
  CHECK(find_row(report.at("rows"), "last delivery", "bare send loop, 2 writers") != nullptr);
}

TEST_CASE("wardline-bench ledger sets what is written beside the fan-out") {
  const auto report = measure("ledger");
  for (const std::string what : {"last delivery", "ledger before the first byte",
                                 "ledger with all receipts", "ledger's share of the delivery"})
    CHECK(find_row(report.at("rows"), what, "Wardline") != nullptr);
}

TEST_CASE("wardline-bench memory weighs the gateway for each session") {
  const auto report = measure("memory");
  CHECK_FALSE(report.at("rows").empty());
}

TEST_CASE("wardline-bench scaling measures each thing") {
  const auto run =
      run_program({WARDLINE_BENCH_BINARY, "scaling", "--patients", "6", "--repetitions", "1"});
  CAPTURE(run.output, run.errors);
  CHECK(run.status == 0);
  CHECK(run.output.find("remarks") == std::string::npos);
  for (const std::string what :
       {"a full sign-in", "a resumed sign-in", "a join", "a leave", "a broadcast's recipient",
        "at rest", "after a leave", "memory of an idle session", "audit: a sign-in and its end",
        "ledger: a broadcast's recipient", "bytes sent at a join, to all"})
    CHECK(run.output.find(what) != std::string::npos);
}

TEST_CASE("a soak of some seconds accounts for every message and every descriptor") {
  // On standard output a line for each round comes before the report.
  const auto run = run_program(
      {WARDLINE_BENCH_BINARY, "soak", "--quick", "--patients", "50", "--repetitions", "2"});
  CAPTURE(run.output, run.errors);
  CHECK(run.status == 0);
  CHECK(run.output.find("open descriptors") != std::string::npos);
  CHECK(run.output.find("each delivered and receipted") != std::string::npos);
}

TEST_CASE("wardline-bench says what it lacks, and measures the rest") {
  // An empty folder has neither brokers nor gnuplot. (Brokers are looked for in /usr/sbin as well.)
  const temporary_directory nothing;
  const auto run = run_program({"/usr/bin/env", "PATH=" + nothing.path().string(),
                                WARDLINE_BENCH_BINARY, "fanout", "--quick", "--patients", "5",
                                "--repetitions", "2", "--plot", nothing.path().string()});
  CAPTURE(run.output, run.errors);
  CHECK(run.status == 0);
  CHECK(run.output.find("bare send loop") != std::string::npos);
  CHECK(run.output.find("gnuplot is not installed") != std::string::npos);
  for (const std::string broker : {"mosquitto", "nats-server"}) {
    if (std::filesystem::exists("/usr/sbin/" + broker)) continue;
    CHECK(run.output.find(broker + " is not installed") != std::string::npos);
  }
}

TEST_CASE("wardline-bench says when files may not be opened, and measures what it can") {
  // 300 descriptors are enough for five patients and not for a thousand.
  const auto run = run_program({"/bin/sh", "-c",
                                "ulimit -n 300 && exec \"$0\" memory --quick --patients 5,1000 "
                                "--repetitions 1",
                                WARDLINE_BENCH_BINARY});
  CAPTURE(run.output, run.errors);
  CHECK(run.status == 0);
  CHECK(run.output.find("5 patients") != std::string::npos);
  CHECK(run.output.find("ulimit -n") != std::string::npos);
}

TEST_CASE("wardline-bench refuses what makes no sense with status 2") {
  const std::vector<std::vector<std::string>> lines{
      {},
      {"nonsense"},
      {"primitives", "--group", "ffdhe1"},
      {"storm", "--patients", "0"},
      {"storm", "--patients", "ten"},
      {"memory", "--repetitions", "0"},
  };
  for (auto words : lines) {
    words.insert(words.begin(), WARDLINE_BENCH_BINARY);
    const auto run = run_program(words);
    CAPTURE(words);
    CHECK(run.status == 2);
    CHECK(run.errors.find("wardline-bench: error: ") != std::string::npos);
  }
}

TEST_CASE("wardline-bench names a file that it cannot write before it measures anything") {
  const auto run = run_program({WARDLINE_BENCH_BINARY, "all", "--json", "/nonexistent/report"});
  CHECK(run.status == 1);
  CHECK(run.errors.find("/nonexistent/report cannot be written") != std::string::npos);
  CHECK(run.output.empty());
}

TEST_CASE("wardline-bench without a gateway's program says so") {
  const auto run = run_program({WARDLINE_BENCH_BINARY, "storm", "--quick", "--patients", "5",
                                "--doctor", "/nonexistent/doctor"});
  CHECK(run.status == 1);
  CHECK(run.output.find("/nonexistent/doctor") != std::string::npos);
}

}  // namespace wardline::test
