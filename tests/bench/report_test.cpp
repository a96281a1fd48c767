#include <fstream>

#include <nlohmann/json.hpp>

#include "bench/report/number.hpp"
#include "bench/report/plots.hpp"
#include "bench/report/writers.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temporary_directory.hpp"

namespace wardline::test {
namespace {

using bench::report;
using bench::subject;

subject seal(std::size_t size) { return {"primitives", "", "seal", size, "B", "µs"}; }

report two_contestants() {
  report out;
  out.add({seal(16), "OpenSSL", {2, 4, 6}});
  out.add({seal(16), "Wardline", {1, 1, 6}});
  out.add({seal(1024), "OpenSSL", {20, 20, 20}});
  out.add({seal(1024), "Wardline", {10, 10, 10}});
  out.add({{"handshake", "ffdhe3072", "a \"quoted\", long one", {}, "", "ms"}, "Wardline", {7}});
  out.remark("mosquitto is not installed");
  return out;
}

const bench::environment where{{"cpu", "one of many"}};

std::string content_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("quantiles interpolate between neighbours") {
  const auto of_five = bench::summarise({50, 10, 40, 20, 30});
  CHECK(of_five.median == Approx(30));
  CHECK(of_five.p10 == Approx(14));
  CHECK(of_five.p90 == Approx(46));
  CHECK(of_five.n == 5);
  CHECK(bench::summarise({1, 2}).median == Approx(1.5));
  const auto of_one = bench::summarise({7});
  CHECK(of_one.p10 == Approx(7));
  CHECK(of_one.p90 == Approx(7));
  CHECK_THROWS_AS(bench::summarise({}), std::logic_error);
}

TEST_CASE("rows that differ in nothing but whose they are become a ratio of pairs") {
  const auto ratios = two_contestants().ratios();
  REQUIRE(ratios.size() == 2);
  CHECK(ratios[0].of == seal(16));
  CHECK(ratios[0].to == "OpenSSL");
  CHECK(ratios[0].value.median == Approx(0.5));  // of 1/2, 1/4 and 6/6
  CHECK(ratios[0].value.n == 3);
  CHECK(ratios[1].value.median == Approx(0.5));
}

TEST_CASE("a row without samples and a remark made twice are left out") {
  report r;
  r.add({seal(16), "OpenSSL", {}});
  CHECK(r.rows().empty());
  r.remark("once");
  r.remark("once");
  CHECK(r.remarks().size() == 1);
}

TEST_CASE("the JSON of a report has every row, every ratio and the environment") {
  const auto all = nlohmann::json::parse(to_json(two_contestants(), where, "wardline-bench all"));
  CHECK(all.at("command") == "wardline-bench all");
  CHECK(all.at("environment").at("cpu") == "one of many");
  REQUIRE(all.at("rows").size() == 5);
  const auto& row = all.at("rows")[1];
  CHECK(row.at("table") == "primitives");
  CHECK(row.at("what") == "seal");
  CHECK(row.at("size") == 16);
  CHECK(row.at("size_unit") == "B");
  CHECK(row.at("who") == "Wardline");
  CHECK(row.at("unit") == "µs");
  CHECK(row.at("median") == 1);
  CHECK(row.at("p10") == 1);
  CHECK(row.at("p90") == Approx(5));
  CHECK(row.at("n") == 3);
  CHECK(all.at("rows")[4].at("size").is_null());
  REQUIRE(all.at("ratios").size() == 2);
  CHECK(all.at("ratios")[0].at("of") == "Wardline");
  CHECK(all.at("ratios")[0].at("to") == "OpenSSL");
  CHECK(all.at("ratios")[0].at("unit") == "1");
  CHECK(all.at("ratios")[0].at("median") == 0.5);
  CHECK(all.at("remarks") == nlohmann::json::array({"mosquitto is not installed"}));
}

TEST_CASE("the CSV of a report quotes what must be quoted") {
  const auto csv = to_csv(two_contestants());
  CHECK(csv.starts_with("table,group,what,size,size_unit,who,unit,median,p10,p90,n\r\n"));
  CHECK(csv.find("primitives,,seal,16,B,Wardline / OpenSSL,1,0.5,") != std::string::npos);
  CHECK(csv.find("\"a \"\"quoted\"\", long one\",,,Wardline,ms,7,7,7,1\r\n") != std::string::npos);
}

TEST_CASE("the tables show ours first, then the others with the ratio") {
  const auto text = to_text(two_contestants(), where);
  CHECK(text.find("one of many") != std::string::npos);
  const auto mine = text.find("Wardline  1.00");
  const auto theirs = text.find("OpenSSL   4.00");
  REQUIRE(mine != std::string::npos);
  REQUIRE(theirs != std::string::npos);
  CHECK(mine < theirs);
  CHECK(text.find("0.5 (0.3 .. 0.9)", theirs) < text.find('\n', theirs));
  CHECK(text.find("- mosquitto is not installed\n") != std::string::npos);
}

TEST_CASE("numbers are shown with three significant digits") {
  CHECK(bench::number_text(0.012345) == "0.0123");
  CHECK(bench::number_text(1.5) == "1.50");
  CHECK(bench::number_text(12.345) == "12.3");
  CHECK(bench::number_text(99.96) == "100");
  CHECK(bench::number_text(999.6) == "1,000");
  CHECK(bench::number_text(123456) == "123,000");
  CHECK(bench::number_text(0) == "0");
  CHECK(bench::count_text(0) == "0");
  CHECK(bench::count_text(999) == "999");
  CHECK(bench::count_text(1234567) == "1,234,567");
}

TEST_CASE("curves and ratios are drawn as PNG and SVG") {
  REQUIRE(bench::can_plot());
  const temporary_directory folder;
  draw_plots(two_contestants(), folder.path());
  for (const std::string name : {"primitives-seal", "primitives-ratios"}) {
    CAPTURE(name);
    CHECK(content_of(folder.path() / (name + ".png")).starts_with("\x89PNG\r\n"));
    const auto svg = content_of(folder.path() / (name + ".svg"));
    CHECK(svg.find("OpenSSL") != std::string::npos);
  }
  CHECK(content_of(folder.path() / "primitives-seal.svg").find("µs") != std::string::npos);
  // One size makes no curve.
  CHECK_FALSE(std::filesystem::exists(folder.path() / "handshake-a-quoted-long-one-ffdhe3072.png"));
}

}  // namespace wardline::test
