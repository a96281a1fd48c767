#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "common/store/file.hpp"
#include "common/util/text_encoding.hpp"
#include "protocol/message/invite.hpp"
#include "tests/support/catch.hpp"
#include "tests/system/programs.hpp"

using namespace wardline;
using namespace wardline::test;
namespace fs = std::filesystem;

namespace {

/// How `text` would look in a file: as it is, in hexadecimal, and in base64 (both alphabets)
/// wherever in a longer text it begins.
std::vector<std::string> forms_of(std::string_view text) {
  std::vector<std::string> out{std::string(text), to_hex(as_bytes(text))};
  std::string upper = out.back();
  for (auto& c : upper)
    if (c >= 'a') c = static_cast<char>(c - 'a' + 'A');
  out.push_back(upper);
  for (std::size_t before = 0; before < 3; ++before) {
    const auto coded = to_base64url(as_bytes(std::string(before, '\0') + std::string(text)));
    const std::size_t first = (before * 8 + 5) / 6;  // characters that only this text decides
    const std::size_t end = (before + text.size()) * 8 / 6;
    auto form = coded.substr(first, end - first);
    out.push_back(form);
    std::ranges::replace(form, '-', '+');
    std::ranges::replace(form, '_', '/');
    out.push_back(form);
  }
  return out;
}

std::string content_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Everything that is on the disk, and the logs: name and content.
struct haystack {
  std::vector<std::pair<std::string, std::string>> all;

  void add(const std::string& directory) {
    for (const auto& e : fs::recursive_directory_iterator(directory))
      if (e.is_regular_file()) all.emplace_back(e.path().string(), content_of(e.path()));
  }
  /// Where `text` is, in whatever form; empty: nowhere.
  std::string where_is(std::string_view text) const {
    for (const auto& [name, content] : all)
      for (const auto& form : forms_of(text))
        if (content.find(form) != std::string::npos) return name;
    return {};
  }
};

struct ward {
  explicit ward(const std::string& backups) : backups_(backups) {}

  doctor_program doctor{"ristretto255", {"--log-level", "debug"}};
  patient_program alice{"alice-control"};
  patient_program bob{"bob-control"};
  std::string logs;

  void keep_logs() {
    logs += doctor.events().program().errors();
    logs += alice.events().program().errors();
    logs += bob.events().program().errors();
  }
  haystack look() {
    haystack out;
    out.add(doctor.data_directory());
    out.add(alice.data_directory());
    out.add(bob.data_directory());
    out.add(backups_);
    out.all.emplace_back("the logs", logs);
    return out;
  }

 private:
  std::string backups_;
};

/// WARDLINE_PASSPHRASE_FILE for the programs that are started meanwhile.
class passphrase_file {
 public:
  explicit passphrase_file(const fs::path& file) {
    ::setenv("WARDLINE_PASSPHRASE_FILE", file.c_str(), 1);
  }
  ~passphrase_file() { ::unsetenv("WARDLINE_PASSPHRASE_FILE"); }
};

}  // namespace

TEST_CASE("a text is found in a file in each form in which it could be there") {
  const temporary_directory at;
  const std::string text = "distinctive?>~text";
  for (const auto& form : forms_of(text)) {
    INFO(form);
    std::ofstream(at.path() / "x") << "before" << form << "after";
    haystack in;
    in.add(at.path().string());
    CHECK_FALSE(in.where_is(text).empty());
  }
  // As another program would write it, in the middle of something else.
  for (const auto* before : {"", "1", "12"}) {
    std::ofstream(at.path() / "x") << to_base64url(as_bytes(before + text + "!"));
    haystack in;
    in.add(at.path().string());
    CHECK_FALSE(in.where_is(text).empty());
    CHECK(in.where_is("distinctive?>~next").empty());
  }
}

TEST_CASE("no file and no log holds what was written, nor an invite") {
  const temporary_directory backups;
  ward w(backups.path().string());
  auto& doctor = w.doctor;
  w.alice.sign_in(doctor);
  w.bob.sign_in(doctor);

  // Also what all of them have in common: a part of a text is too much, too.
  std::vector<std::string> secrets{"Zzyzx-Qoph-"};
  const auto text = [&](const std::string& what) {
    secrets.push_back(what + "-Zzyzx-Qoph-" + std::to_string(secrets.size()) +
                      "-s\xc3\xbc\xc3\x9f");
    return secrets.back();
  };
  const auto check = [&](const char* when) {
    const auto in = w.look();
    INFO(when);
    for (const auto& s : secrets) {
      INFO(s);
      CHECK(in.where_is(s).empty());
    }
    // What is kept in the clear is found: the search can fail.
    CHECK_FALSE(in.where_is("alice-control").empty());
    CHECK_FALSE(in.where_is("dr-lee").empty());
  };

  doctor.command({"broadcast", text("broadcast"), "--wait", "60"});
  doctor.command({"message", "alice-control", text("direct"), "--wait", "60"});
  w.alice.say("send " + text("request"));
  CHECK(doctor.events().await("message").at("text") == secrets.back());
  w.alice.events().await("delivery", where("state", "decrypted"));

  // Bob is away: sent to him later.
  w.bob.kill();
  doctor.events().await("patient_disconnected", where("id", "bob-control"));
  w.logs += w.bob.events().program().errors();
  doctor.command({"broadcast", text("later")});
  w.bob.start(doctor);
  w.bob.events().await("message", where("text", secrets.back()));
  doctor.events().await("delivery", where("patient", "bob-control"));

  const auto invite = doctor.invite("carol");
  secrets.push_back(invite);
  const auto opened = protocol::invite_from_text(invite);
  secrets.emplace_back(as_text(opened.value().secret.view()));

  // What stays queued, at both ends.
  w.bob.kill();
  doctor.events().await("patient_disconnected", where("id", "bob-control"));
  doctor.command({"message", "bob-control", text("queued")});
  doctor.command({"backup", (backups.path() / "while-running").string()});
  w.keep_logs();
  check("while running");

  doctor.stop(false);
  w.alice.events().await("disconnected");
  w.alice.say("send " + text("waits"));
  w.alice.say("send " + text("waits too"));
  w.alice.kill();
  w.keep_logs();
  check("after everything was killed");

  doctor.start();
  w.alice.start(doctor);
  w.alice.events().await("authenticated");
  doctor.stop();
  CHECK(w.alice.stop(SIGTERM) == 0);
  w.keep_logs();
  check("after everything has ended");
  CHECK_FALSE(w.logs.empty());
}

TEST_CASE("a gateway with a passphrase starts with it alone, and its commands need none") {
  const temporary_directory at;
  store::replace_file(at.path() / "right", as_bytes("five words taken at random\n"));
  store::replace_file(at.path() / "wrong", as_bytes("five words taken at randon\n"));
  doctor_program doctor("ristretto255");
  patient_program alice("alice");
  alice.sign_in(doctor);
  CHECK(doctor.events().program().errors().find("no passphrase is set") != std::string::npos);
  CHECK(doctor.try_command({"passwd"}).status == 1);  // it runs
  doctor.stop();
  {
    const passphrase_file given(at.path() / "right");
    CHECK(doctor.command({"passwd"}).at("passphrase") == "set");
    doctor.start();
  }
  CHECK_FALSE(fs::exists(fs::path(doctor.data_directory()) / "identity.seed"));
  CHECK_FALSE(fs::exists(fs::path(doctor.data_directory()) / "store.key"));

  doctor.events().await("patient_authenticated", where("id", "alice"));
  doctor.command({"identity"});
  doctor.command({"status"});
  doctor.command({"patients"});
  doctor.command({"invite", "bob", "--host", "127.0.0.1"});
  doctor.command({"withdraw", "bob"});
  doctor.command({"broadcast", "x", "--wait", "60"});
  CHECK(doctor.command({"backup", (at.path() / "backup").string()}).at("keys") == "sealed");
  CHECK(doctor.command({"audit", "verify"}).at("verified") == true);
  CHECK(doctor.events().program().errors().find("no passphrase is set") == std::string::npos);
  doctor.stop();

  doctor.command({"identity"});
  const auto refused = doctor.try_command({"invite", "bob"});
  CHECK(refused.status == 1);
  CHECK(refused.output.find("--passphrase-fd") != std::string::npos);
  {
    const passphrase_file given(at.path() / "wrong");
    const auto wrong = doctor.try_command({"invite", "bob"});
    CHECK(wrong.status == 1);
    CHECK(wrong.output.find("the passphrase is wrong") != std::string::npos);
    CHECK(run_program({WARDLINE_DOCTOR_BINARY, "--id", "dr-lee", "--data-dir",
                       doctor.data_directory(), "--no-menu"})
              .status == 1);
  }
  const passphrase_file given(at.path() / "right");
  doctor.command({"invite", "bob", "--host", "127.0.0.1"});
  CHECK(doctor.command({"audit", "verify"}).at("verified") == true);
}

TEST_CASE("patients go on with a gateway that was restored from its backup") {
  const temporary_directory at;
  doctor_program doctor("ristretto255");
  patient_program alice("alice");
  alice.sign_in(doctor);
  doctor.command({"broadcast", "before", "--wait", "60"});
  const auto backup = (at.path() / "backup").string();
  doctor.command({"backup", backup});
  const auto used = doctor.command({"status"}).at("generation").get<std::uint32_t>();
  doctor.stop();

  fs::remove_all(doctor.data_directory());
  const auto restored = doctor.command({"restore", backup});
  CHECK(restored.at("audit") == "whole");
  doctor.start();
  doctor.events().await("patient_authenticated", where("id", "alice"));
  doctor.command({"broadcast", "after", "--wait", "60"});
  alice.events().await("message", where("text", "after"));
  CHECK(doctor.command({"status"}).at("generation").get<std::uint32_t>() > used + (1U << 20U));
}
