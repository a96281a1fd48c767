#include "patient/command_line.hpp"

#include "common/crypto/random.hpp"
#include "patient/run.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace wardline;
using namespace wardline::test;
using patient::config;

namespace {

int run(std::vector<const char*> words) {
  words.insert(words.begin(), "patient");
  const manual_clock time;
  crypto::system_random random;
  return patient::run(static_cast<int>(words.size()), words.data(), time, random);
}

config parse(std::vector<const char*> words) {
  words.insert(words.begin(), "patient");
  return std::get<config>(
      patient::parse_command_line(static_cast<int>(words.size()), words.data()));
}

}  // namespace

TEST_CASE("a command line that makes no sense is refused with status 2") {
  const std::vector<std::vector<const char*>> wrong{
      {},
      {"--id", "alice"},
      {"--doctor-id", "dr-lee"},
      {"--id", "al ice", "--doctor-id", "dr-lee"},
      {"--id", "", "--doctor-id", "dr-lee"},
      {"--id", "alice", "--doctor-id", "dr/lee"},
      {"--id", "alice", "--doctor-id", "dr-lee", "--connect", "nowhere"},
      {"--id", "alice", "--doctor-id", "dr-lee", "--connect", "127.0.0.1:0"},
      {"--id", "alice", "--doctor-id", "dr-lee", "--connect", "127.0.0.1:65536"},
      {"--id", "alice", "--doctor-id", "dr-lee", "--doctor-fingerprint", "12345"},
      {"--id", "alice", "--doctor-id", "dr-lee", "--clock-window", "0s"},
      {"--id", "alice", "--doctor-id", "dr-lee", "--nonsense"},
      {"--id", "alice", "--doctor-id", "dr-lee", "word"},
      {"enroll"},
      {"identity"},
      {"identity", "--id", "alice", "--group", "ffdhe1024"},
      {"identity", "enroll", "x"},
  };
  for (const auto& words : wrong) {
    std::string all;
    for (const auto* w : words) all += std::string(w) + " ";
    INFO(all);
    CHECK(run(words) == 2);
  }
}

TEST_CASE("help and version are answered with status 0") {
  CHECK(run({"--help"}) == 0);
  CHECK(run({"--version"}) == 0);
  CHECK(run({"enroll", "--help"}) == 0);
  CHECK(run({"identity", "--help"}) == 0);
}

TEST_CASE("the words of the command line arrive where they belong") {
  const auto c =
      parse({"--id", "alice", "--doctor-id", "dr-lee", "--connect", "[::1]:9000", "--data-dir",
             "/somewhere", "--trust-on-first-use", "--no-menu", "--clock-window", "2m"});
  CHECK(c.what == config::command::run);
  CHECK(c.id == "alice");
  CHECK(c.doctor_id == "dr-lee");
  CHECK(c.doctor == net::address{"::1", 9000});
  CHECK(c.data_directory == std::filesystem::path("/somewhere"));
  CHECK(c.trust_on_first_use);
  CHECK(c.json);
  CHECK(c.clock_window == seconds(120));

  const auto e = parse({"enroll", "wardline1:abc", "--data-dir", "/somewhere"});
  CHECK(e.what == config::command::enroll);
  CHECK(e.invite == "wardline1:abc");
  CHECK_FALSE(e.doctor.has_value());

  const auto i = parse({"identity", "--id", "alice", "--group", "ristretto255", "--json"});
  CHECK(i.what == config::command::identity);
  CHECK(i.group == crypto::group_id::ristretto255);
}

TEST_CASE("a mangled invite fails with status 1 and touches nothing") {
  const temporary_directory directory;
  const auto where = (directory.path() / "data").string();
  CHECK(run({"enroll", "wardline1:abc", "--data-dir", where.c_str()}) == 1);
  CHECK_FALSE(std::filesystem::exists(where));
}

TEST_CASE("identity makes the seed once, and prints the same afterwards") {
  const temporary_directory directory;
  const auto where = directory.path().string();
  CHECK(run({"identity", "--id", "alice", "--data-dir", where.c_str(), "--group", "ristretto255",
             "--json"}) == 0);
  const auto size = std::filesystem::file_size(directory.path() / "identity.seed");
  CHECK(size == 32);
  CHECK(run({"identity", "--id", "bob", "--data-dir", where.c_str()}) == 1);
}
