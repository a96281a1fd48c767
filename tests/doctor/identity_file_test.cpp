#include "doctor/identity_file.hpp"

#include <filesystem>
#include <fstream>

#include "common/crypto/random.hpp"
#include "common/util/error.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace wardline;
using namespace wardline::doctor;
using crypto::group_id;
using test::temporary_directory;

namespace {

constexpr auto ristretto = group_id::ristretto255;

crypto::own_identity open(const temporary_directory& at, const std::string& id,
                          std::optional<group_id> wanted = std::nullopt) {
  static crypto::system_random random;
  return open_identity(at.path(), id, wanted, ristretto, random);
}

std::string thrown_by(const std::function<void()>& f) {
  try {
    f();
  } catch (const failure& why) {
    CHECK_FALSE(why.hint().empty());
    return why.what();
  }
  return "nothing";
}

void write(const std::filesystem::path& file, const std::string& text) {
  std::ofstream(file, std::ios::binary) << text;
}

}  // namespace

TEST_CASE("an identity is made on first use and is the same ever after") {
  const temporary_directory at;
  const auto first = open(at, "dr").own_fingerprint();
  CHECK(open(at, "dr").own_fingerprint() == first);
  CHECK(open(at, "dr", ristretto).own_fingerprint() == first);
  CHECK(std::filesystem::file_size(at.path() / "identity.seed") == 32);
}

TEST_CASE("the group that is asked for is the one an identity is made in") {
  const temporary_directory at;
  CHECK(open(at, "dr", group_id::ffdhe2048).group().id() == group_id::ffdhe2048);
  CHECK(open(at, "dr").group().id() == group_id::ffdhe2048);
}

TEST_CASE("a directory of another doctor's is not used") {
  const temporary_directory at;
  open(at, "dr");
  CHECK(thrown_by([&] { open(at, "other"); }).find("belongs to the doctor \"dr\"") !=
        std::string::npos);
}

TEST_CASE("an identity does not change its group") {
  const temporary_directory at;
  open(at, "dr");
  CHECK(thrown_by([&] { open(at, "dr", group_id::ffdhe3072); }).find("is in group ristretto255") !=
        std::string::npos);
}

TEST_CASE("a seed that is missing is never replaced by another") {
  const temporary_directory at;
  open(at, "dr");
  std::filesystem::remove(at.path() / "identity.seed");
  CHECK(thrown_by([&] { open(at, "dr"); }).find("identity.seed is missing") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(at.path() / "identity.seed"));
}

TEST_CASE("a first start that a crash cut off after the seed is finished by the next") {
  const temporary_directory at;
  const auto first = open(at, "dr").own_fingerprint();
  std::filesystem::remove(at.path() / "identity.json");
  CHECK(open(at, "dr").own_fingerprint() == first);
}

TEST_CASE("names that are missing beside records are not made up") {
  const temporary_directory at;
  open(at, "dr");
  std::filesystem::remove(at.path() / "identity.json");
  write(at.path() / "doctor.db", "");
  CHECK(thrown_by([&] { open(at, "dr"); }).find("identity.json is missing") != std::string::npos);
}

TEST_CASE("a damaged identity.json is told, not repaired") {
  const auto text = GENERATE(
      as<std::string>{}, "", "{", "[]", "{}", R"({"id":"dr"})", R"({"id":"dr","group":"x"})",
      R"({"id":1,"group":"ristretto255"})", R"({"id":"d r","group":"ristretto255"})",
      R"({"id":"dr","group":"ristretto255","more":1})", std::string(5000, ' '));
  const temporary_directory at;
  open(at, "dr");
  write(at.path() / "identity.json", text);
  INFO(text);
  CHECK(thrown_by([&] { open(at, "dr"); }).find("is damaged") != std::string::npos);
}

TEST_CASE("a seed that others can read is refused") {
  const temporary_directory at;
  open(at, "dr");
  std::filesystem::permissions(at.path() / "identity.seed", std::filesystem::perms(0644));
  CHECK(thrown_by([&] { open(at, "dr"); }) != "nothing");
}
