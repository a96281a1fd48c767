#include "doctor/offline.hpp"

#include <filesystem>
#include <fstream>

#include <nlohmann/json.hpp>

#include "doctor/invite_hint.hpp"
#include "doctor/last_address.hpp"
#include "doctor/records/records.hpp"
#include "doctor/run.hpp"
#include "protocol/message/invite.hpp"
#include "tests/doctor/running_gateway.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/thrown.hpp"

using namespace wardline;
using namespace wardline::doctor;
using test::temporary_directory;

namespace {

/// A data directory without a gateway.
struct place {
  nlohmann::ordered_json answer(const control::request& r) {
    line.settings.id = "dr";
    line.settings.data_directory = at.path();
    line.settings.group = crypto::group_id::ristretto255;
    line.request = r;
    return answer_offline(line, time, random);
  }
  protocol::invite invite(const std::string& host = {}) {
    const auto out = answer(control::invite_request{"p1", seconds(60), host});
    return protocol::invite_from_text(out.at("invite").get<std::string>()).value();
  }
  /// `doctor WORDS... --id dr --data-dir ...`: its exit status.
  int run(std::vector<std::string> words) {
    words.insert(words.begin(), "doctor");
    words.insert(words.end(), {"--id", "dr", "--data-dir", at.path().string()});
    std::vector<const char*> argv;
    for (const auto& w : words) argv.push_back(w.c_str());
    return doctor::run(static_cast<int>(argv.size()), argv.data(), time, random);
  }

  temporary_directory at;
  system_clock time;
  crypto::system_random random;
  command_line line;
};

}  // namespace

TEST_CASE("identity is shown without a gateway, and is made on first use") {
  place p;
  const auto first = p.answer(control::identity_request{});
  CHECK(first.at("id") == "dr");
  CHECK(first.at("group") == "ristretto255");
  CHECK(first.at("fingerprint_hex").get<std::string>().size() == 64);
  CHECK(p.answer(control::identity_request{}) == first);
}

TEST_CASE("an invite that is made without a gateway is one that the gateway will know") {
  place p;
  const auto text = p.answer(control::invite_request{"p1", seconds(60), "h.example"}).at("invite");
  const auto invite = protocol::invite_from_text(text.get<std::string>()).value();
  CHECK(invite.patient_id == "p1");
  CHECK(invite.host == "h.example");
  CHECK(to_hex(invite.doctor.view()) == p.answer(control::identity_request{})["fingerprint_hex"]);
  records kept(p.at.path(), p.random);
  CHECK(kept.invites.spend("p1", invite.secret));
}

TEST_CASE("an invite names the address given, else the last, else the default") {
  place p;
  CHECK(p.invite().port == 7460);
  keep_last_address(p.at.path(), "[2001:db8::1]:1234");
  CHECK(p.invite().host == "2001:db8::1");
  CHECK(p.invite().port == 1234);
  CHECK(p.invite("h.example").host == "h.example");
  CHECK(p.invite("h.example").port == 1234);
  p.line.settings.listen = {"192.0.2.1", 99};
  p.line.listen_given = true;
  CHECK(p.invite().host == "192.0.2.1");
  CHECK(p.invite().port == 99);
}

TEST_CASE("a last address that makes no sense is none") {
  place p;
  CHECK_FALSE(last_address(p.at.path()));
  for (const auto* text : {"", "127.0.0.1:1", "nonsense\n", "h:99999\n", "\n\n"}) {
    std::ofstream(p.at.path() / "listen", std::ios::trunc) << text;
    CHECK_FALSE(last_address(p.at.path()));
  }
}

TEST_CASE("an address that others cannot reach is told of") {
  const auto hint = [](const std::string& host) {
    return invite_hint(protocol::to_text({host, 1, {}, "p", 1, protocol::invite_secret()}));
  };
  for (const auto* host : {"127.0.0.1", "127.1.2.3", "::1", "localhost", "0.0.0.0", "::"})
    CHECK(test::contains(hint(host), host));
  for (const auto* host : {"192.0.2.1", "h.example", "2001:db8::1"}) CHECK(hint(host).empty());
}

TEST_CASE("the exit status says whether it was done") {
  place p;
  CHECK(p.run({"identity", "--group", "ristretto255"}) == 0);
  CHECK(p.run({"identity", "--json"}) == 0);
  CHECK(p.run({"invite", "p1"}) == 0);
  CHECK(p.run({"identity", "--group", "ffdhe2048"}) == 1);
  CHECK(p.run({"status"}) == 1);
  CHECK(p.run({"status", "--json"}) == 1);
  CHECK(p.run({"broadcast", "\xff"}) == 1);
  CHECK(p.run({"invite", "a b", "--json"}) == 2);
}

TEST_CASE("a command is not given to another doctor's gateway") {
  test::running_gateway g;
  place p;
  const auto ask_as = [&](const std::string& id) {
    const auto directory = g.directory().string();
    const std::vector<const char*> argv{"doctor",   "status",     "--id",
                                        id.c_str(), "--data-dir", directory.c_str()};
    return doctor::run(static_cast<int>(argv.size()), argv.data(), p.time, p.random);
  };
  CHECK(ask_as("dr") == 0);
  CHECK(ask_as("other") == 1);
}

TEST_CASE("a data directory that others can read is not used") {
  place p;
  std::filesystem::permissions(p.at.path(), std::filesystem::perms(0755));
  CHECK(p.run({"identity"}) == 1);
  CHECK(p.run({}) == 1);
}
