#include <cstdlib>
#include <fstream>
#include <sys/stat.h>

#include "common/at_rest/passphrase.hpp"
#include "common/util/error.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temporary_directory.hpp"

namespace wardline::at_rest {
namespace {

struct credentials {
  credentials() { ::setenv("CREDENTIALS_DIRECTORY", at.path().c_str(), 1); }
  credentials(const credentials&) = delete;
  credentials& operator=(const credentials&) = delete;
  ~credentials() { ::unsetenv("CREDENTIALS_DIRECTORY"); }

  void put(unsigned mode) const {
    const auto file = at.path() / "passphrase";
    std::ofstream(file) << "five old words\nand more\n";
    ::chmod(file.c_str(), mode);
  }

  test::temporary_directory at;
};

const passphrase_options nobody_to_ask{{}, {}, false};

}  // namespace

TEST_CASE("a passphrase is taken from a credential, also one that a list opens to the service") {
  const credentials c;
  CHECK_THROWS_AS(present_passphrase(nobody_to_ask), failure);
  for (const unsigned mode : {0400U, 0440U}) {
    c.put(mode);
    const auto taken = present_passphrase(nobody_to_ask);
    CHECK(std::string(taken.view().begin(), taken.view().end()) == "five old words");
    ::chmod((c.at.path() / "passphrase").c_str(), 0600);
  }
}

TEST_CASE("a credential that others can read or change is refused") {
  const credentials c;
  for (const unsigned mode : {0604U, 0660U, 0602U}) {
    c.put(mode);
    CHECK_THROWS_AS(present_passphrase(nobody_to_ask), failure);
    ::chmod((c.at.path() / "passphrase").c_str(), 0600);
  }
}

}  // namespace wardline::at_rest
