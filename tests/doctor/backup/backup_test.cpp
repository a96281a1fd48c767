#include "doctor/backup/backup.hpp"

#include <array>

#include <nlohmann/json.hpp>

#include "common/store/file.hpp"
#include "doctor/backup/archive.hpp"
#include "doctor/backup/restore.hpp"
#include "doctor/identity_file.hpp"
#include "doctor/records/records.hpp"
#include "tests/doctor/records/older_records.hpp"
#include "tests/doctor/running_gateway.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/thrown.hpp"

namespace wardline::doctor {
namespace {

using test::contains;
using test::thrown_by;
namespace fs = std::filesystem;
constexpr auto group = crypto::group_id::ristretto255;

struct place {
  place() {
    line.settings.id = "dr";
    line.settings.data_directory = source();
    line.settings.group = group;
    line.passphrase.may_ask = false;
    fs::create_directory(source());
    fs::permissions(source(), fs::perms(0700));
  }
  fs::path source() const { return at.path() / "source"; }
  fs::path target() const { return at.path() / "target"; }
  fs::path file() const { return at.path() / "backup"; }

  nlohmann::ordered_json backup() { return make_backup(line, {file()}, time, random); }
  nlohmann::ordered_json restore(const fs::path& from) {
    auto to = line;
    to.settings.data_directory = target();
    return restore_backup(to, {from}, time, random);
  }
  crypto::fingerprint identity(const fs::path& where) {
    return open_identity(where, "dr", group, group, random).own_fingerprint();
  }
  /// Nothing of a restore that failed is left.
  bool is_clean() const {
    for (const auto& e : fs::directory_iterator(at.path()))
      if (contains(e.path().filename().string(), "target.")) return false;
    return !fs::exists(target()) || fs::is_empty(target());
  }

  test::temporary_directory at;
  crypto::system_random random;
  system_clock time;
  command_line line;
};

std::vector<audit::record> listed(audit::log& log, const std::string& event = {}) {
  std::vector<audit::record> out;
  log.find({0, "", event}, [&](const audit::record& r) { out.push_back(r); });
  return out;
}

}  // namespace

TEST_CASE("what is restored is what was backed up, with generations that were never used") {
  place p;
  const auto who = p.identity(p.source());
  std::uint32_t last = 0;
  {
    records kept(p.source(), p.random);
    last = static_cast<std::uint32_t>(p.time.now() / 1000) + 5'000'000;
    kept.keep_generation(last);
    kept.invites.create("p1", p.random.make_secret<16>(), p.time.now(), p.time.now() + 100'000);
    kept.blocks.block_by_operator(p.random.make<crypto::fingerprint>(), "p2", p.time.now());
  }
  const auto made = p.backup();
  CHECK(made.at("keys") == "in the clear");
  CHECK(fs::status(p.file()).permissions() == fs::perms(0600));

  const auto restored = p.restore(p.file());
  CHECK(restored.at("made") == made.at("made"));
  CHECK(restored.at("invites_dropped") == 1);
  CHECK(restored.at("audit") == "whole");
  CHECK(p.identity(p.target()) == who);
  records kept(p.target(), p.random);
  CHECK(kept.last_generation() == last + generation_step);
  CHECK(kept.invites.all().empty());
  CHECK(kept.blocks.all(p.time.now()).size() == 1);
  const auto log = listed(kept.audit);
  REQUIRE(log.size() == 2);
  CHECK(log[0].what.event == "backup");
  CHECK(log[0].what.result == "begun");
  CHECK(log[1].what.event == "restored");
}

TEST_CASE("after a restore the next generation is beyond the present second") {
  place p;
  p.identity(p.source());
  { const records made(p.source(), p.random); }
  p.backup();
  const auto before = p.time.now() / 1000;
  p.restore(p.file());
  records kept(p.target(), p.random);
  CHECK(kept.last_generation() >= before + generation_step);
}

TEST_CASE("a backup is made while the gateway runs, which records it") {
  const test::running_gateway gateway({"p1", "p2"});
  place p;
  p.line.settings.data_directory = gateway.directory();
  p.backup();
  p.restore(p.file());
  {
    records kept(p.target(), p.random);
    CHECK(kept.patients.count() == 2);
  }
  records kept(gateway.directory(), p.random);
  const auto log = listed(kept.audit, "backup");
  REQUIRE(log.size() == 2);
  CHECK(log[1].what.result == "done");
  CHECK(contains(log[1].what.detail, "sha256="));
}

TEST_CASE("a backup of an earlier version is restored, and brought up to date") {
  place p;
  p.identity(p.source());
  for (const auto* shape : test::doctor_shapes) {
    CAPTURE(shape);
    const test::older_records before(p.source(), shape);
    const std::array entries{archive::entry{"identity.json", p.source() / "identity.json"},
                             archive::entry{"identity.seed", p.source() / "identity.seed"},
                             archive::entry{"store.key", p.source() / "store.key"},
                             archive::entry{"doctor.db", p.source() / "doctor.db"}};
    archive::write(p.file(), 1234, entries);
    REQUIRE(p.restore(p.file()).at("audit") == "whole");
    {
      records kept(p.target(), p.random);
      CHECK(kept.patients.count() == 1);
      CHECK(kept.outbox.summary(test::message(1))->text == "stay in your rooms");
      CHECK(listed(kept.audit).back().what.event == "restored");
    }
    fs::remove_all(p.target());
    fs::remove(p.source() / "doctor.db");
    fs::remove(p.file());
  }
}

TEST_CASE("nothing is restored over what is there") {
  place p;
  p.identity(p.source());
  { const records made(p.source(), p.random); }
  p.backup();
  fs::create_directory(p.target());
  fs::permissions(p.target(), fs::perms(0700));
  store::replace_file(p.target() / "x", as_bytes("mine"));
  CHECK(contains(thrown_by<failure>([&] { p.restore(p.file()); }).what(), "not empty"));
  fs::remove(p.target() / "x");
  p.restore(p.file());
  CHECK(contains(thrown_by<failure>([&] { p.backup(); }).what(), "exists already"));
}

TEST_CASE("a backup that lacks a file, or whose files do not fit each other, is not restored") {
  place p;
  p.identity(p.source());
  { const records made(p.source(), p.random); }
  const auto in = [&](const char* name) { return archive::entry{name, p.source() / name}; };
  int number = 0;
  const auto why = [&](const std::vector<archive::entry>& entries) {
    const auto file = p.at.path() / ("b" + std::to_string(++number));
    archive::write(file, 1, entries);
    return std::string(thrown_by<failure>([&] { p.restore(file); }).what());
  };
  CHECK(contains(why({in("identity.json"), in("identity.seed"), in("store.key")}), "missing"));
  CHECK(contains(why({in("identity.json"), in("store.key"), in("doctor.db")}), "missing"));
  // Keys and database of two doctors.
  store::replace_file(p.at.path() / "key", bytes(32, 7));
  CHECK_FALSE(why({in("identity.json"),
                   in("identity.seed"),
                   {"store.key", p.at.path() / "key"},
                   in("doctor.db")})
                  .empty());
  store::replace_file(p.at.path() / "no.db", bytes(5000, 'x'));
  CHECK_FALSE(why({in("identity.json"),
                   in("identity.seed"),
                   in("store.key"),
                   {"doctor.db", p.at.path() / "no.db"}})
                  .empty());
  CHECK(p.is_clean());
}

TEST_CASE("a backup of a newer schema is refused in words, and nothing of it stays") {
  place p;
  p.identity(p.source());
  {
    records made(p.source(), p.random);
    made.database().execute("PRAGMA user_version = 99");
  }
  const std::array entries{archive::entry{"identity.json", p.source() / "identity.json"},
                           archive::entry{"identity.seed", p.source() / "identity.seed"},
                           archive::entry{"store.key", p.source() / "store.key"},
                           archive::entry{"doctor.db", p.source() / "doctor.db"}};
  archive::write(p.file(), 1, entries);
  const auto why = thrown_by<failure>([&] { p.restore(p.file()); });
  CHECK(contains(why.what(), "newer version"));
  CHECK(p.is_clean());
}

TEST_CASE("a directory without a doctor is not backed up") {
  place p;
  CHECK(contains(thrown_by<failure>([&] { p.backup(); }).what(), "no doctor"));
  CHECK_FALSE(fs::exists(p.file()));
  CHECK(fs::is_empty(p.source()));
}

}  // namespace wardline::doctor
