#include "doctor/setup/set_up.hpp"

#include <array>
#include <filesystem>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "common/cli/guard.hpp"
#include "doctor/identity_file.hpp"
#include "doctor/invite_qr.hpp"
#include "doctor/last_address.hpp"
#include "doctor/records/records.hpp"
#include "protocol/message/invite.hpp"
#include "tests/doctor/setup/scripted_person.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/qr_reader.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/thrown.hpp"

using namespace wardline;
using namespace wardline::doctor;
using test::contains;
using test::scripted_person;
using test::thrown_by;
namespace fs = std::filesystem;

namespace {

// As cheap as Argon2id can be.
constexpr crypto::passphrase_box::cost cheap{1, 8192};

struct new_practice {
  new_practice() {
    line.settings.data_directory = at.path() / "dr-lee";
    line.settings.group = crypto::group_id::ristretto255;
    line.passphrase.may_ask = false;
  }
  nlohmann::ordered_json set_up(cli::person* person, setup_command what = {{}, {}, {}, week}) {
    return doctor::set_up(line, what, person, time, random, cheap);
  }
  const fs::path& directory() const { return line.settings.data_directory; }

  static constexpr seconds week{7 * 24 * 3600};
  test::temporary_directory at;
  system_clock time;
  crypto::system_random random;
  command_line line;
};

}  // namespace

TEST_CASE("doctor setup makes an identity and an invite that its gateway will know") {
  new_practice p;
  scripted_person lee({"dr-lee", "10.0.0.7", "no", "alice"});
  const auto out = p.set_up(&lee);

  const auto self =
      open_identity(p.directory(), "dr-lee", {}, crypto::group_id::ffdhe3072, p.random);
  CHECK(out.at("id") == "dr-lee");
  CHECK(out.at("group") == "ristretto255");
  CHECK(out.at("fingerprint") == crypto::to_digits(self.own_fingerprint()));
  CHECK(out.at("address") == "10.0.0.7:7460");
  CHECK(out.at("passphrase") == "none");
  CHECK(out.at("data_directory") == p.directory().string());
  CHECK(out.at("patient") == "alice");

  const auto invite = protocol::invite_from_text(out.at("invite").get<std::string>()).value();
  CHECK(invite.host == "10.0.0.7");
  CHECK(invite.port == 7460);
  CHECK(invite.doctor == self.own_fingerprint());
  CHECK(invite.patient_id == "alice");
  CHECK(invite.expires == out.at("expires").get<unix_ms>());
  CHECK(last_address(p.directory()) == net::address{"10.0.0.7", 7460});
  records kept(p.directory(), p.random);
  CHECK(kept.invites.spend("alice", invite.secret));
}

TEST_CASE("doctor setup seals the keys under a passphrase, and the invite holds") {
  new_practice p;
  std::array<int, 2> ends{};
  REQUIRE(::pipe(ends.data()) == 0);
  REQUIRE(::write(ends[1], "correct horse\n", 14) == 14);
  p.line.settings.id = "dr-lee";
  p.line.passphrase.descriptor = ends[0];
  const auto out =
      p.set_up(nullptr, {net::address{"127.0.0.1", 7460}, true, "alice", new_practice::week});
  ::close(ends[0]);
  ::close(ends[1]);

  CHECK(out.at("passphrase") == "set");
  CHECK_FALSE(fs::exists(p.directory() / at_rest::seed_name));
  const auto keys = at_rest::unlock(p.directory(), as_bytes("correct horse"));
  records kept(p.directory(), p.random, &keys);
  const auto invite = protocol::invite_from_text(out.at("invite").get<std::string>()).value();
  CHECK(kept.invites.spend("alice", invite.secret));
}

TEST_CASE("a doctor who is set up already is left alone") {
  new_practice p;
  scripted_person lee({"dr-lee", "10.0.0.7", "no", "alice"});
  const auto first = p.set_up(&lee);

  scripted_person again({"dr-lee", "10.0.0.8", "no", "bob"});
  const auto why = thrown_by<failure>([&] { p.set_up(&again); });
  CHECK(contains(why.what(), "dr-lee is set up already"));
  CHECK(contains(why.hint(), "doctor invite"));
  CHECK(again.questions == 1);
  CHECK(last_address(p.directory()) == net::address{"10.0.0.7", 7460});
}

TEST_CASE("who leaves in the middle of doctor setup has made nothing") {
  new_practice p;
  scripted_person lee({"dr-lee", "10.0.0.7"});
  thrown_by<failure>([&] { p.set_up(&lee); });
  CHECK(fs::is_empty(p.directory()));
  CHECK_FALSE(group_of_identity(p.directory()));

  // Neither has who is asked for a passphrase and has none to give.
  scripted_person other({"dr-lee", "10.0.0.7", "yes", "alice"});
  thrown_by<failure>([&] { p.set_up(&other); });
  CHECK(fs::is_empty(p.directory()));
}

TEST_CASE("a directory that cannot be used is told of before the other questions") {
  new_practice p;
  fs::create_directory(p.directory());
  fs::permissions(p.directory(), fs::perms::others_read, fs::perm_options::add);
  scripted_person lee({"dr-lee", "never asked"});
  CHECK(contains(thrown_by<failure>([&] { p.set_up(&lee); }).what(), "open to other users"));
  CHECK(lee.questions == 1);
}

TEST_CASE("the result of doctor setup says what to do next") {
  new_practice p;
  scripted_person lee({"dr-lee", "", "no", "alice"});
  auto out = p.set_up(&lee);
  const auto invite = out.at("invite").get<std::string>();
  const auto qr = invite_qr(invite, -1);
  CHECK(test::read_qr(test::seen_on_terminal(qr)) == invite);

  const auto text = setup_text(out, qr);
  CHECK(contains(text, out.at("fingerprint").get<std::string>()));
  CHECK(contains(text, ":\n" + qr + "  " + invite + "\nWhoever"));
  CHECK(contains(text, "doctor --id dr-lee --data-dir '" + p.directory().string() + "'\n"));
  CHECK(contains(text, "patient enroll\n"));

  // It listens where it can be reached.
  const auto listens = [&out](const std::string& address) {
    out["address"] = address;
    return setup_text(out, {});
  };
  CHECK_FALSE(contains(text, "--listen"));
  CHECK(contains(listens("127.0.0.1:9"), "--listen 127.0.0.1:9 "));
  CHECK(contains(listens("localhost:7460"), "--listen 127.0.0.1:7460 "));
  CHECK(contains(listens("clinic.example:80"), "--listen 0.0.0.0:80 "));
  CHECK(contains(listens("10.0.0.7:7460"), "--listen 0.0.0.0:7460 "));
  CHECK(contains(listens("[2001:db8::1]:7460"), "--listen [::]:7460 "));
}
