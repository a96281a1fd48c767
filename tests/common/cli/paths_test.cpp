#include "common/cli/paths.hpp"

#include <optional>
#include <stdlib.h>
#include <string>

#include "common/util/error.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/thrown.hpp"

namespace wardline::cli {
namespace {

// A variable of the environment as it is to be while this lives.
class variable {
 public:
  variable(const char* name, const char* value) : name_(name) {
    if (const char* before = ::getenv(name)) before_ = before;
    set(value);
  }
  variable(const variable&) = delete;
  variable& operator=(const variable&) = delete;
  ~variable() { set(before_ ? before_->c_str() : nullptr); }

 private:
  void set(const char* value) {
    if (value != nullptr) {
      ::setenv(name_, value, 1);
    } else {
      ::unsetenv(name_);
    }
  }

  const char* name_;
  std::optional<std::string> before_;
};

}  // namespace

TEST_CASE("the data directory follows the XDG convention") {
  const variable home("HOME", "/home/ann");
  {
    const variable xdg("XDG_DATA_HOME", "/srv/data");
    CHECK(default_data_directory("doctor", "d1") == "/srv/data/wardline/doctor/d1");
  }
  for (const char* value : {static_cast<const char*>(nullptr), "", "relative/path"}) {
    const variable xdg("XDG_DATA_HOME", value);
    CHECK(default_data_directory("patient", "p1") == "/home/ann/.local/share/wardline/patient/p1");
  }
}

TEST_CASE("an id cannot lead out of its directory") {
  const variable xdg("XDG_DATA_HOME", "/d");
  CHECK(default_data_directory("doctor", "..") == "/d/wardline/doctor/%2E.");
  CHECK(default_data_directory("doctor", ".") == "/d/wardline/doctor/%2E");
  CHECK(default_data_directory("doctor", "a..b") == "/d/wardline/doctor/a..b");
}

TEST_CASE("a missing or relative home is told with a way out") {
  const variable xdg("XDG_DATA_HOME", nullptr);
  for (const char* value : {static_cast<const char*>(nullptr), "", "home/ann"}) {
    const variable home("HOME", value);
    const auto e = test::thrown_by<failure>([] { default_data_directory("doctor", "d"); });
    CHECK(test::contains(e.what(), "HOME"));
    CHECK(test::contains(e.hint(), "--data-dir"));
  }
}

}  // namespace wardline::cli
