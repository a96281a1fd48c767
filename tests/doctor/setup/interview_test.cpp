#include "doctor/setup/interview.hpp"

#include "common/cli/guard.hpp"
#include "tests/doctor/setup/scripted_person.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/thrown.hpp"

using namespace wardline;
using namespace wardline::doctor;
using test::contains;
using test::scripted_person;
using test::thrown_by;

namespace {

const auto nothing = [](const std::string&) {};
const setup_command all_open{{}, {}, {}, seconds(3600)};

}  // namespace

TEST_CASE("four questions have four answers") {
  scripted_person lee({"dr-lee", "clinic.example:7000", "no", "alice"});
  const auto out = interview("", all_open, &lee, nothing);
  CHECK(lee.questions == 4);
  CHECK(out.id == "dr-lee");
  CHECK(out.reached_at == net::address{"clinic.example", 7000});
  CHECK_FALSE(out.passphrase);
  CHECK(out.patient == "alice");
}

TEST_CASE(
    "an empty answer is the default where there is one, and asked again where there is none") {
  scripted_person lee({"", "dr-lee", "", "", "", "alice"});
  const auto out = interview("", all_open, &lee, nothing);
  CHECK(out.id == "dr-lee");
  CHECK(out.reached_at == net::address{"127.0.0.1", 7460});
  CHECK(out.passphrase);
  CHECK(out.patient == "alice");
  CHECK(contains(lee.heard, "An id is needed"));
}

TEST_CASE("what makes no sense is asked again, with words") {
  scripted_person lee({"dr lee", "dr-lee", "http://x", "h:0", "h:99999", "10.0.0.7", "perhaps", "y",
                       "al\x1b[2Jice", "alice"});
  const auto out = interview("", all_open, &lee, nothing);
  CHECK(out.id == "dr-lee");
  CHECK(out.reached_at == net::address{"10.0.0.7", 7460});
  CHECK(out.passphrase);
  CHECK(out.patient == "alice");
  CHECK(lee.questions == 10);
  CHECK(contains(lee.heard, "\"dr lee\" is not an id"));
  CHECK(contains(lee.heard, "no address"));
  CHECK(contains(lee.heard, "port 0"));
  CHECK(contains(lee.heard, "neither yes nor no"));
}

TEST_CASE("what the command line has is not asked") {
  scripted_person lee({});
  const setup_command given{net::address{"h", 1}, false, "alice", seconds(3600)};
  const auto out = interview("dr-lee", given, &lee, nothing);
  CHECK(lee.questions == 0);
  CHECK(lee.heard.empty());
  CHECK(out.reached_at == net::address{"h", 1});

  scripted_person half({"10.0.0.7", "alice"});
  CHECK(interview("dr-lee", {{}, true, {}, seconds(60)}, &half, nothing).patient == "alice");
  CHECK(half.questions == 2);
}

TEST_CASE("without a person each option that is missing is named") {
  const auto words = [](const std::string& id, const setup_command& given) {
    return std::string(
        thrown_by<cli::usage_error>([&] { interview(id, given, nullptr, nothing); }).what());
  };
  const auto all = words("", all_open);
  for (const auto* option : {"--id", "--address", "--no-passphrase", "--patient"})
    CHECK(contains(all, option));
  const auto one = words("dr-lee", {net::address{"h", 1}, true, {}, seconds(60)});
  CHECK(contains(one, "--patient"));
  for (const auto* option : {"--id", "--address", "--no-passphrase"})
    CHECK_FALSE(contains(one, option));
  CHECK(interview("d", {net::address{"h", 1}, true, "p", seconds(60)}, nullptr, nothing).id == "d");
}

TEST_CASE("an id that will not do ends it before the other questions") {
  scripted_person lee({"dr-lee", "never", "asked", "this"});
  const auto taken = [](const std::string& id) { throw failure(id + " is taken"); };
  CHECK(contains(thrown_by<failure>([&] { interview("", all_open, &lee, taken); }).what(),
                 "dr-lee is taken"));
  CHECK(lee.questions == 1);
}

TEST_CASE("who answers no more ends it") {
  scripted_person lee({"dr-lee"});
  thrown_by<failure>([&] { interview("", all_open, &lee, nothing); });
}
