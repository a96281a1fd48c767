#include "patient/read_invite.hpp"

#include <array>
#include <fstream>
#include <unistd.h>

#include "common/cli/guard.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/thrown.hpp"

using namespace wardline;
using namespace wardline::test;
using patient::config;
using patient::read_invite;

namespace {

std::string an_invite() {
  return protocol::to_text({"h.example", 7460, {}, "alice", 5, protocol::invite_secret()});
}

config with(const std::string& invite) {
  config out;
  out.what = config::command::enroll;
  out.invite = invite;
  return out;
}

config with_file(const std::filesystem::path& file) {
  config out = with({});
  out.invite_file = file;
  return out;
}

/// Standard input for the time being.
class typed {
 public:
  explicit typed(const std::string& text) : before_(::dup(0)) {
    std::array<int, 2> ends{};
    REQUIRE(::pipe(ends.data()) == 0);
    REQUIRE(::write(ends[1], text.data(), text.size()) == static_cast<ssize_t>(text.size()));
    ::close(ends[1]);
    ::dup2(ends[0], 0);
    ::close(ends[0]);
  }
  ~typed() {
    ::dup2(before_, 0);
    ::close(before_);
  }

 private:
  int before_;
};

}  // namespace

TEST_CASE("an invite comes from the command line, standard input or a file") {
  CHECK(read_invite(with(an_invite())).host == "h.example");
  {
    const typed line(an_invite() + "\nsend hello\n");
    CHECK(read_invite(with("-")).patient_id == "alice");
    std::array<char, 32> rest{};
    CHECK(::read(0, rest.data(), rest.size()) == 11);  // is left for who reads on
  }
  const temporary_directory at;
  std::ofstream(at.path() / "invite") << an_invite() << "\n";
  CHECK(read_invite(with_file(at.path() / "invite")).port == 7460);
}

TEST_CASE("lines that a mail has broken are put together again") {
  auto text = an_invite();
  text.insert(40, "\r\n  ");
  const temporary_directory at;
  std::ofstream(at.path() / "invite") << "\n" << text << "\n\n";
  CHECK(read_invite(with_file(at.path() / "invite")).patient_id == "alice");
  CHECK(read_invite(with(" " + text + "\n")).patient_id == "alice");
}

TEST_CASE("what is no invite is refused with words") {
  const temporary_directory at;
  for (const auto& text : {std::string("hello"), an_invite().substr(0, 60), an_invite() + "x",
                           std::string("wardline1:")})
    CHECK(contains(thrown_by<failure>([&] { read_invite(with(text)); }).what(), "not an invite"));
  const auto gone = thrown_by<failure>([&] { read_invite(with_file(at.path() / "none")); });
  CHECK(contains(gone.what(), "No such file"));
  CHECK(contains(gone.hint(), "name of the file"));
  // Nobody is asked where programs read.
  auto settings = with({});
  settings.json = true;
  thrown_by<cli::usage_error>([&] { read_invite(settings); });
}

TEST_CASE("an invite of somebody else is refused") {
  auto settings = with(an_invite());
  settings.id = "bob";
  const auto why = thrown_by<failure>([&] { read_invite(settings); });
  CHECK(contains(why.what(), "for alice, not for bob"));
  settings.id = "alice";
  CHECK(read_invite(settings).patient_id == "alice");
}
