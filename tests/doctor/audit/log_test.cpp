#include "doctor/audit/log.hpp"

#include <fstream>
#include <sstream>
#include <sys/stat.h>

#include "doctor/audit/export_lines.hpp"
#include "doctor/audit/names.hpp"
#include "doctor/audit/record_json.hpp"
#include "doctor/records/schema.hpp"
#include "tests/doctor/records/home.hpp"

namespace wardline::doctor::audit {
namespace {

using test::home;

constexpr unix_ms now = 1'700'000'000'000;

std::string content(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

void write(const std::filesystem::path& file, const std::string& text) {
  std::ofstream(file) << text;
}

/// A data directory whose log has begun, as in a gateway that runs.
class house {
 public:
  house() { begin(); }

  log& trail() { return at->audit; }
  std::filesystem::path mirror_file() const { return at.path() / "audit.jsonl"; }
  void begin() {
    trail().begin(self_, random_, mirror_file(), now,
                  [this](const std::string& what) { troubles.push_back(what); });
  }
  void restart() {
    at.restart();
    begin();
  }
  void append(int n) {
    for (int i = 0; i < n; ++i)
      trail().append(now, {"operator", "blocked", "p" + std::to_string(i)});
    trail().mirror_on();
  }
  const crypto::identity& doctor() const { return self_.public_part(); }
  verdict verify(const std::optional<head>& known = std::nullopt) {
    return trail().verify(doctor(), mirror_file(), known);
  }
  std::vector<std::uint64_t> numbers(const filter& which) {
    std::vector<std::uint64_t> out;
    trail().find(which, [&out](const record& r) { out.push_back(r.number); });
    return out;
  }
  void tamper(const std::string& sql) {
    at.tamper("DROP TRIGGER audit_is_not_changed; DROP TRIGGER audit_is_not_deleted; " + sql);
  }

  home at;
  std::vector<std::string> troubles;

 private:
  crypto::system_random random_;
  crypto::own_identity self_{test::secret_of<32>(9), crypto::role::doctor,
                             crypto::group_id::ristretto255, "dr"};
};

}  // namespace

TEST_CASE("an audit log survives a restart and verifies, with its checkpoints") {
  house h;
  h.append(1'001);
  h.trail().append(now, {"operator", std::string(event::gateway_stopped)});
  h.restart();
  h.append(1);
  const auto v = h.verify();
  CHECK(v.findings.empty());
  CHECK(v.last.number == 1'003);
  CHECK(v.checkpoints == 2);
  CHECK(v.signed_up_to == 1'002);
  CHECK(h.troubles.empty());
}

TEST_CASE("a record of an act that is undone is undone with it") {
  house h;
  h.append(2);
  {
    act whole(h.trail(), h.at->database());
    h.trail().append(now, {"operator", "revoked", "p1"});
    h.trail().mirror_on();  // nothing of what may be undone
  }
  CHECK(h.trail().last().number == 2);
  CHECK(h.verify().findings.empty());
  h.append(1);
  CHECK(h.verify().findings.empty());
}

TEST_CASE("the program itself cannot change or delete a record") {
  house h;
  h.append(1);
  CHECK_THROWS_AS(h.at.tamper("UPDATE audit SET whom = 'x'"), store::error);
  CHECK_THROWS_AS(h.at.tamper("DELETE FROM audit"), store::error);
}

TEST_CASE("what is changed in the database is found and named") {
  const auto* const sql =
      GENERATE("UPDATE audit SET number = 9 WHERE number = 3",
               "UPDATE audit SET time = time + 1 WHERE number = 3",
               "UPDATE audit SET actor = 'x' WHERE number = 3",
               "UPDATE audit SET event = 'x' WHERE number = 3",
               "UPDATE audit SET whom = 'x' WHERE number = 3",
               "UPDATE audit SET source = 'x' WHERE number = 3",
               "UPDATE audit SET before = 'x' WHERE number = 3",
               "UPDATE audit SET after = 'x' WHERE number = 3",
               "UPDATE audit SET result = 'x' WHERE number = 3",
               "UPDATE audit SET reason = 'x' WHERE number = 3",
               "UPDATE audit SET detail = 'x' WHERE number = 3",
               "UPDATE audit SET hash = zeroblob(32) WHERE number = 3",
               "UPDATE audit SET time = -1 WHERE number = 3", "DELETE FROM audit WHERE number = 3",
               "DELETE FROM audit WHERE number >= 3");
  house h;
  h.append(5);
  h.tamper(sql);
  const auto v = h.verify();
  REQUIRE_FALSE(v.findings.empty());
  CHECK(v.findings.front().number == 3);
}

TEST_CASE("a log that was cut off with the head that was kept is found by the mirror") {
  house h;
  h.append(5);
  h.tamper(
      "DELETE FROM audit WHERE number > 3; UPDATE gateway SET audit_number = 3,"
      " audit_hash = (SELECT hash FROM audit WHERE number = 3)");
  const auto v = h.verify();
  REQUIRE(v.findings.size() == 1);
  CHECK(v.findings.front().number == 4);

  h.restart();  // the evidence is kept, and there is a record of it
  REQUIRE(h.troubles.size() == 1);
  CHECK(h.numbers({0, "", "mirror_differs"}).size() == 1);
  CHECK(h.verify().findings.empty());
  std::size_t kept = 0;
  for (const auto& e : std::filesystem::directory_iterator(h.at.path()))
    kept += e.path().filename().string().rfind("audit.jsonl.differs-", 0) == 0 ? 1 : 0;
  CHECK(kept == 1);
}

TEST_CASE("the mirror has each record once that is committed, and nobody else may read it") {
  house h;
  h.append(3);
  const auto text = content(h.mirror_file());
  CHECK(std::count(text.begin(), text.end(), '\n') == 3);
  CHECK(text.rfind(R"({"number":1,"time":1700000000000,"actor":"operator","event":"blocked",)"
                   R"("whom":"p0",)",
                   0) == 0);
  struct stat about {};
  REQUIRE(::stat(h.mirror_file().c_str(), &about) == 0);
  CHECK((about.st_mode & 0777U) == 0600U);
}

TEST_CASE("a mirror that a crash left behind is brought up to date") {
  house h;
  h.append(3);
  const auto whole = content(h.mirror_file());
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{1}, whole.size() / 2, whole.size() - 1, whole.size()}) {
    std::filesystem::resize_file(h.mirror_file(), size);
    h.restart();
    REQUIRE(content(h.mirror_file()) == whole);
  }
  std::filesystem::remove(h.mirror_file());
  CHECK_FALSE(h.verify().findings.empty());
  h.restart();
  CHECK(content(h.mirror_file()) == whole);
  CHECK(h.troubles.empty());
}

TEST_CASE("a start compares the mirror from the last checkpoint on, whatever is behind it") {
  house h;
  h.append(3);
  h.trail().append(now, {"operator", std::string(event::gateway_stopped)});
  h.append(2);
  const auto whole = content(h.mirror_file());
  const auto size_of_tail = whole.size() - whole.find(R"({"number":4,)");
  const auto starts_with = [&](const std::string& text) {
    write(h.mirror_file(), text);
    h.troubles.clear();
    h.restart();
    return h.troubles.empty();
  };
  std::vector<std::size_t> cuts{1, size_of_tail - 1, size_of_tail, size_of_tail + 1};
  for (std::size_t cut = 0; cut <= size_of_tail + 20; cut += 20) cuts.push_back(cut);
  for (const auto cut : cuts) {
    INFO(cut);
    REQUIRE(starts_with(whole.substr(0, whole.size() - cut)));
    REQUIRE(content(h.mirror_file()) == whole);
  }
  // What is older was compared when it was young; `verify` still looks.
  auto early = whole;
  early[10] ^= 1;
  CHECK(starts_with(early));
  CHECK_FALSE(h.verify().findings.empty());

  auto late = whole;
  late[whole.size() - 10] ^= 1;
  CHECK_FALSE(starts_with(late));
  CHECK_FALSE(starts_with(content(h.mirror_file()) + "{}\n"));
}

TEST_CASE("every single-byte change of the mirror is found") {
  house h;
  h.append(3);
  const auto whole = content(h.mirror_file());
  for (std::size_t i = 0; i < whole.size(); ++i) {
    auto changed = whole;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    write(h.mirror_file(), changed);
    REQUIRE_FALSE(h.verify().findings.empty());
  }
}

TEST_CASE("records are found by time, patient, event and number, oldest first") {
  house h;
  h.trail().append(now, {"operator", "blocked", "alice"});
  h.trail().append(now + 1, {"patient:alice", "signed_in", ""});
  h.trail().append(now + 2, {"operator", "blocked", "bob"});
  using numbers = std::vector<std::uint64_t>;
  CHECK(h.numbers({}) == numbers{1, 2, 3});
  CHECK(h.numbers({now + 1, "", ""}) == numbers{2, 3});
  CHECK(h.numbers({0, "alice", ""}) == numbers{1, 2});
  CHECK(h.numbers({0, "alice", "blocked"}) == numbers{1});
  CHECK(h.numbers({0, "", "revoked"}).empty());
  CHECK(h.numbers({0, "", "", 3}) == numbers{1, 2});
  CHECK(h.numbers({0, "", "", 3, 1}) == numbers{2});
  CHECK(h.numbers({0, "", "", UINT64_MAX, 2}) == numbers{2, 3});
  CHECK(h.numbers({0, "alice", "", UINT64_MAX, 1}) == numbers{2});
  CHECK(h.numbers({0, "", "revoked", UINT64_MAX, 1}).empty());
}

TEST_CASE("what a record holds is UTF-8 without control characters, and comes out of JSON again") {
  house h;
  h.trail().append(now, {"operator", "blocked", "\x1b[31m\xff\x07"});
  h.trail().append(now, {"operator", "blocked", std::string(1'023, 'a') + "\xc3\xa9"});
  std::vector<record> found;
  h.trail().find({}, [&found](const record& r) { found.push_back(r); });
  REQUIRE(found.size() == 2);
  CHECK(found[0].what.whom == "\xef\xbf\xbd[31m\xef\xbf\xbd\xef\xbf\xbd");
  CHECK(found[1].what.whom == std::string(1'023, 'a'));
  for (const auto& r : found) CHECK(record_of_line(to_line(r)) == r);
}

TEST_CASE("a log that was cut off with all that was kept of it is found by what is known of it") {
  house h;
  h.append(3);
  const auto early = h.verify().last;
  h.append(2);
  const auto late = h.verify().last;
  CHECK(h.verify(early).findings.empty());
  CHECK(h.verify(late).findings.empty());

  h.tamper(
      "DELETE FROM audit WHERE number > 3; UPDATE gateway SET audit_number = 3,"
      " audit_hash = (SELECT hash FROM audit WHERE number = 3)");
  auto text = content(h.mirror_file());
  for (int i = 0; i < 2; ++i) text.erase(text.rfind('\n', text.size() - 2) + 1);
  write(h.mirror_file(), text);
  CHECK(h.verify().findings.empty());  // nothing that is left says otherwise
  CHECK(h.verify(early).findings.empty());
  const auto v = h.verify(late);
  REQUIRE(v.findings.size() == 1);
  CHECK(v.findings.front().number == 4);

  auto other = early;
  other.hash.value[0] ^= 1;
  CHECK(h.verify(other).findings.size() == 1);
}

TEST_CASE("a log is verified beside a gateway that goes on adding to it") {
  house h;
  h.append(3);
  store::database beside(h.at.path() / "doctor.db", schema::application_id, schema::migrations);
  log other(beside);
  std::uint64_t seen = 0;
  // Each line that is taken is followed by a record that the snapshot must not have.
  other.lines(UINT64_MAX, [&](const record& r, const std::string&) {
    seen = r.number;
    h.append(1);
  });
  CHECK(seen == 3);
  CHECK(other.verify(h.doctor(), h.mirror_file()).findings.empty());
  CHECK(other.verify(h.doctor(), h.mirror_file()).last.number == 6);
}

}  // namespace wardline::doctor::audit
