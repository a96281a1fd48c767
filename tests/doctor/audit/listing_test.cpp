#include "doctor/audit/listing.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "tests/support/catch.hpp"

namespace wardline::doctor::audit {
namespace {

record sample(std::uint64_t number, const entry& what) {
  record r{number, 1'700'000'000'123, what, {}};
  r.hash = link({}, number, r.time, what);
  return r;
}

/// As an attacker could have put it into the database.
const entry hostile{"=cmd()",    "@SUM(A1)", "+1",
                    "-1",        " =1",      "a\x1b[2Jb\n",
                    "c,\"d\"\t", "\r\n",     "\x7f\xc2\x9b\xe2\x80\xae\xff"};

std::string listed(std::unique_ptr<listing> (*make)(text_sink),
                   const std::vector<record>& records) {
  std::string out;
  const auto to = make([&out](std::string_view text) { out += text; });
  for (const auto& r : records) to->add(r);
  to->end();
  return out;
}

std::unique_ptr<listing> unlimited(text_sink out) { return text_listing(std::move(out), 0); }

bool is_harmless(const std::string& text) {
  for (const char* bad : {"\x1b", "\x7f", "\xc2\x9b", "\xe2\x80\xae", "\xff", "\t"})
    if (text.find(bad) != std::string::npos) return false;
  return true;
}

}  // namespace

TEST_CASE("nothing that a record holds reaches the terminal as a control character") {
  const std::vector<record> records{sample(1, hostile)};
  for (const auto make : {&unlimited, &json_listing, &csv_listing})
    CHECK(is_harmless(listed(make, records)));
}

TEST_CASE("a list of records for a person is tables of a few hundred lines") {
  std::vector<record> records;
  for (std::uint64_t n = 1; n <= 501; ++n)
    records.push_back(sample(n, {"operator", "blocked", "p"}));
  const auto text = listed(&unlimited, records);
  CHECK(std::count(text.begin(), text.end(), '\n') == 503);
  CHECK(text.rfind("NUMBER", 0) == 0);
  CHECK(listed(&unlimited, {}) == "No such records.\n");
}

TEST_CASE("old and new value are shown") {
  entry e{"operator", "configuration"};
  e.after = "on";
  CHECK(listed(&unlimited, {sample(1, e)}).find("(nothing) -> on") != std::string::npos);
}

TEST_CASE("a list of records as JSON is one array, also an empty one") {
  using nlohmann::json;
  CHECK(json::parse(listed(&json_listing, {})) == json::array());
  const auto value =
      json::parse(listed(&json_listing, {sample(1, {"operator", "blocked", "p\xc3\xa9"}),
                                         sample(2, {"operator", "revoked", "q"})}));
  REQUIRE(value.size() == 2);
  CHECK(value[0].at("whom") == "p\xc3\xa9");
  CHECK(value[1].at("number") == 2);
}

TEST_CASE("cells of CSV are quoted, and none is a formula") {
  const auto text = listed(&csv_listing, {sample(7, hostile)});
  const std::string second = text.substr(text.find('\n') + 1);
  CHECK(text.rfind("number,time,actor,event,whom,source,before,after,result,reason,detail,hash\r\n",
                   0) == 0);
  CHECK(second.rfind("7,2023-11-14T22:13:20.123Z,'=cmd(),'@SUM(A1),'+1,'-1,' =1,", 0) == 0);
  CHECK(second.find(R"(,"c,""d"" ",)") != std::string::npos);
  CHECK(std::count(text.begin(), text.end(), '\n') == 2);
}

}  // namespace wardline::doctor::audit
