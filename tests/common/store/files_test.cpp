#include <algorithm>
#include <fstream>
#include <iterator>
#include <sys/stat.h>
#include <unistd.h>

#include "common/store/directory.hpp"
#include "common/store/error.hpp"
#include "common/store/file.hpp"
#include "common/store/secret_file.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/thrown.hpp"

namespace wardline::store {
namespace {

using test::contains;
using test::thrown_by;

namespace fs = std::filesystem;

void all_sevens(byte_span out) { std::fill(out.begin(), out.end(), byte{7}); }

void must_not_be_asked(byte_span) { FAIL("a secret that exists was made anew"); }

unsigned mode_of(const fs::path& file) {
  struct stat about {};
  REQUIRE(::stat(file.c_str(), &about) == 0);
  return about.st_mode & 0777U;
}

std::string content_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::size_t entries(const fs::path& directory) {
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator(directory), fs::directory_iterator()));
}

}  // namespace

TEST_CASE("a secret file is made once and then read") {
  const test::temporary_directory at;
  const auto file = at.path() / "seed";
  CHECK_FALSE(secret_file::load(file).has_value());
  const auto made = secret_file::load_or_create(file, all_sevens);
  CHECK(std::string(32, '\7') == as_text(made.view()));
  CHECK(mode_of(file) == 0600);
  CHECK(content_of(file) == std::string(32, '\7'));
  CHECK(entries(at.path()) == 1);  // nothing temporary stays

  const auto again = secret_file::load_or_create(file, must_not_be_asked);
  CHECK(as_text(again.view()) == as_text(made.view()));
}

TEST_CASE("a secret file that others can read is refused with a way out") {
  const test::temporary_directory at;
  const auto file = at.path() / "seed";
  (void)secret_file::load_or_create(file, all_sevens);
  for (const unsigned mode : {0640U, 0604U, 0660U, 0601U}) {
    fs::permissions(file, static_cast<fs::perms>(mode));
    const auto e =
        thrown_by<failure>([&] { (void)secret_file::load_or_create(file, must_not_be_asked); });
    CHECK(contains(e.hint(), "chmod 600"));
  }
}

TEST_CASE("a secret file of the wrong size is refused, not replaced") {
  const test::temporary_directory at;
  const auto file = at.path() / "seed";
  for (const std::size_t size : {std::size_t{0}, std::size_t{31}, std::size_t{33}}) {
    replace_file(file, bytes(size, 1));
    CHECK(contains(thrown_by<failure>([&] { (void)secret_file::load(file); }).what(),
                   "exactly 32 bytes"));
    CHECK(content_of(file).size() == size);
  }
}

TEST_CASE("a secret file that is a link, a directory or a pipe is refused") {
  const test::temporary_directory at;
  const auto real = at.path() / "real";
  (void)secret_file::load_or_create(real, all_sevens);
  const auto file = at.path() / "seed";
  SECTION("link") { fs::create_symlink(real, file); }
  SECTION("directory") { fs::create_directory(file); }
  SECTION("pipe") { REQUIRE(::mkfifo(file.c_str(), 0600) == 0); }
  CHECK_THROWS_AS(secret_file::load(file), failure);
  CHECK_THROWS_AS(secret_file::load_or_create(file, all_sevens), failure);
}

TEST_CASE("a secret file of another user is refused") {
  if (::geteuid() != 0) return;  // nobody else can give a file away
  const test::temporary_directory at;
  const auto file = at.path() / "seed";
  (void)secret_file::load_or_create(file, all_sevens);
  REQUIRE(::chown(file.c_str(), 65534, 65534) == 0);
  CHECK(
      contains(thrown_by<failure>([&] { (void)secret_file::load(file); }).what(), "another user"));
}

TEST_CASE("a replaced file has the new content and nothing stays beside it") {
  const test::temporary_directory at;
  const auto file = at.path() / "known";
  replace_file(file, as_bytes("one"));
  replace_file(file, as_bytes("two and more"));
  CHECK(content_of(file) == "two and more");
  CHECK(mode_of(file) == 0600);
  CHECK(entries(at.path()) == 1);
}

TEST_CASE("a file that cannot be replaced is left as it was") {
  const test::temporary_directory at;
  const auto file = at.path() / "known";
  fs::create_directories(file / "occupied");
  CHECK_THROWS_AS(replace_file(file, as_bytes("x")), error);
  CHECK(fs::is_directory(file));
  CHECK(entries(at.path()) == 1);
}

TEST_CASE("a private directory is made with everything above it") {
  const test::temporary_directory at;
  const mode_t before = ::umask(0);
  private_directory(at.path() / "a" / "b" / "c");
  ::umask(before);
  CHECK(mode_of(at.path() / "a") == 0700);
  CHECK(mode_of(at.path() / "a" / "b" / "c") == 0700);
  private_directory(at.path() / "a" / "b" / "c");
}

TEST_CASE("a directory open to others is refused with a way out") {
  const test::temporary_directory at;
  fs::permissions(at.path(), static_cast<fs::perms>(0750));
  const auto e = thrown_by<failure>([&] { private_directory(at.path()); });
  CHECK(contains(e.what(), "open to other users"));
  CHECK(contains(e.hint(), "chmod 700"));
}

TEST_CASE("a file where the data directory should be is refused") {
  const test::temporary_directory at;
  replace_file(at.path() / "x", as_bytes("y"));
  CHECK_THROWS_AS(private_directory(at.path() / "x"), failure);
  CHECK_THROWS_AS(private_directory(at.path() / "x" / "y"), failure);
  CHECK_THROWS_AS(private_directory(""), failure);
}

TEST_CASE("a data directory serves one process at a time") {
  const test::temporary_directory at;
  {
    const directory_lock held(at.path(), "doctor");
    const auto e = thrown_by<failure>([&] { directory_lock(at.path(), "doctor"); });
    CHECK(contains(e.what(), "another doctor is running"));
    CHECK(contains(e.what(), at.path().string()));
  }
  CHECK_NOTHROW(directory_lock(at.path(), "doctor"));
}

}  // namespace wardline::store
