#include "doctor/audit/export.hpp"

#include <cctype>
#include <fstream>
#include <sstream>
#include <sys/stat.h>

#include "doctor/audit/export_lines.hpp"
#include "doctor/audit/names.hpp"
#include "tests/doctor/records/home.hpp"

namespace wardline::doctor::audit {
namespace {

constexpr unix_ms now = 1'700'000'000'000;

/// A log of a few records with a checkpoint in their midst, exported.
class exported {
 public:
  explicit exported(const std::vector<std::string>& before = {
                        "gateway_started", std::string(event::gateway_stopped), "blocked"}) {
    at->audit.begin(self_, random_, at.path() / "audit.jsonl", now, [](const std::string&) {});
    for (const auto& event : before) append(event);
    append(std::string(event::audit_exported));
    write_export_file(at->audit, doctor(), before.size() + 1, file());
    std::ifstream in(file());
    std::ostringstream all;
    all << in.rdbuf();
    text = all.str();
  }

  std::filesystem::path file() const { return at.path() / "copy.jsonl"; }
  const crypto::identity& doctor() const { return self_.public_part(); }
  void append(const std::string& event) {
    at->audit.append(now, {"operator", event, "p\n\"1\"", "", "", "", "done", "", "\xc3\xa9"});
  }

  /// True if the file with this content verifies.
  bool verifies(const std::string& content) const {
    std::ofstream(file(), std::ios::trunc | std::ios::binary) << content;
    try {
      const auto found = verify_export(file());
      return found.result.findings.empty() && found.doctor == doctor();
    } catch (const failure&) {
      return false;
    }
  }

  test::home at;
  std::string text;

 private:
  crypto::system_random random_;
  crypto::own_identity self_{test::secret_of<32>(9), crypto::role::doctor,
                             crypto::group_id::ristretto255, "dr"};
};

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> out;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) out.push_back(line + '\n');
  return out;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string out;
  for (const auto& l : lines) out += l;
  return out;
}

}  // namespace

TEST_CASE("an export verifies without the data directory, and nobody else may read it") {
  exported e;
  const auto found = verify_export(e.file());
  CHECK(found.doctor == e.doctor());
  CHECK(found.result.findings.empty());
  CHECK(found.result.last.number == 4);
  CHECK(found.result.signed_up_to == 4);
  CHECK(found.result.checkpoints == 2);
  struct stat about {};
  REQUIRE(::stat(e.file().c_str(), &about) == 0);
  CHECK((about.st_mode & 0777U) == 0600U);
}

TEST_CASE("every single-byte change of an export is found") {
  exported e{std::vector<std::string>()};
  REQUIRE(e.verifies(e.text));
  for (std::size_t i = 0; i < e.text.size(); ++i) {
    auto changed = e.text;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    INFO(i);
    REQUIRE_FALSE(e.verifies(changed));
    if (std::isalpha(static_cast<unsigned char>(e.text[i])) == 0) continue;
    changed[i] = static_cast<char>(e.text[i] ^ 0x20);  // as a capital
    REQUIRE_FALSE(e.verifies(changed));
  }
}

TEST_CASE(
    "an export without a line, with one twice, with two swapped, or cut off does not verify") {
  exported e;
  const auto lines = lines_of(e.text);
  REQUIRE(lines.size() == 7);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    INFO(i);
    auto without = lines;
    without.erase(without.begin() + static_cast<std::ptrdiff_t>(i));
    CHECK_FALSE(e.verifies(joined(without)));
    auto twice = lines;
    twice.insert(twice.begin() + static_cast<std::ptrdiff_t>(i), lines[i]);
    CHECK_FALSE(e.verifies(joined(twice)));
    CHECK_FALSE(
        e.verifies(joined({lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(i)})));
    if (i + 1 == lines.size()) continue;
    auto swapped = lines;
    std::swap(swapped[i], swapped[i + 1]);
    CHECK_FALSE(e.verifies(joined(swapped)));
  }
  CHECK_FALSE(e.verifies(e.text.substr(0, e.text.size() - 1)));
  CHECK_FALSE(e.verifies(e.text + "\n"));
  CHECK_FALSE(e.verifies(e.text + "{}\n"));
  CHECK_FALSE(e.verifies(e.text + std::string(100'000, 'x') + "\n"));
  CHECK_FALSE(e.verifies(std::string(100'000, '[') + "\n" + e.text));
  CHECK_FALSE(e.verifies(""));
}

TEST_CASE("a finding in an export names the record") {
  exported e;
  auto lines = lines_of(e.text);
  REQUIRE(lines[1].find("operator") != std::string::npos);
  lines[1].replace(lines[1].find("operator"), 8, "stranger");
  CHECK_FALSE(e.verifies(joined(lines)));
  CHECK(verify_export(e.file()).result.findings.front().number == 1);
}

TEST_CASE("an export replaces nothing and leaves nothing behind when it fails") {
  exported e;
  CHECK_THROWS_AS(write_export_file(e.at->audit, e.doctor(), 4, e.file()), failure);
  CHECK_THROWS_AS(write_export_file(e.at->audit, e.doctor(), 4, e.at.path() / "no" / "x"), failure);
  std::size_t files = 0;
  for (const auto& f : std::filesystem::directory_iterator(e.at.path()))
    files += f.path().filename().string().find("copy.jsonl") != std::string::npos ? 1 : 0;
  CHECK(files == 1);
}

TEST_CASE("what an export is known to have had is looked for") {
  exported e;
  const auto last = verify_export(e.file()).result.last;
  CHECK(verify_export(e.file(), last).result.findings.empty());
  CHECK_FALSE(verify_export(e.file(), head{5, last.hash}).result.findings.empty());
  CHECK_FALSE(verify_export(e.file(), head{3, last.hash}).result.findings.empty());
}

}  // namespace wardline::doctor::audit
