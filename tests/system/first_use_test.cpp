#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>

#include "common/cli/qr_code.hpp"
#include "protocol/message/invite.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/qr_reader.hpp"
#include "tests/support/thrown.hpp"
#include "tests/support/tmux.hpp"
#include "tests/system/binaries.hpp"
#include "tests/system/programs.hpp"

using namespace wardline::test;
namespace protocol = wardline::protocol;

namespace {

/// It failed with these words: what happened, and what to do.
void failed(const finished& f, std::string_view what, std::string_view hint, int status = 1) {
  INFO(f.errors);
  CHECK(f.status == status);
  CHECK(contains(f.errors, what));
  const auto at = f.errors.find("hint: ");
  REQUIRE(at != std::string::npos);
  CHECK(contains(f.errors.substr(at), hint));
}

std::vector<std::string> setup_in(const temporary_directory& at, std::vector<std::string> more) {
  std::vector<std::string> out{doctor_binary(), "setup",
                               "--data-dir",    (at.path() / "d").string(),
                               "--group",       "ristretto255"};
  out.insert(out.end(), more.begin(), more.end());
  return out;
}

/// The QR code on this screen: the lines that have half blocks, and what is quiet around them.
std::string qr_on(const std::string& screen, std::size_t width) {
  std::vector<std::string> lines{""};
  for (const char c : screen) {
    if (c == '\n')
      lines.emplace_back();
    else
      lines.back() += c;
  }
  const auto is_code = [](const std::string& line) {
    return contains(line, "\u2580") || contains(line, "\u2588") || contains(line, "\u2584");
  };
  const auto first = std::find_if(lines.begin(), lines.end(), is_code);
  REQUIRE(first - lines.begin() >= 2);
  std::string out;
  for (auto line = first - 2; line < first - 2 + static_cast<std::ptrdiff_t>(width / 2 + 1);
       ++line) {
    REQUIRE(line != lines.end());
    out += *line + "\n";
  }
  return out;
}

}  // namespace

TEST_CASE("doctor setup asks four questions at a terminal and shows an invite as a QR code") {
  const temporary_directory directory;
  tmux at(setup_in(directory, {}), 130, 66);
  at.await("Your id:");
  at.type("dr lee");
  at.press({"Enter"});
  at.await("\"dr lee\" is not an id");
  at.type("dr-lee");
  at.press({"Enter"});
  at.await("Address [127.0.0.1:7460]:");
  at.press({"Enter"});
  at.await("Passphrase, yes or no [yes]:");
  at.type("no");
  at.press({"Enter"});
  at.await("The patient's id:");
  at.type("alice");
  at.press({"Enter"});
  const auto screen = at.await("doctor invite PATIENT");
  CHECK(at.wait() == 0);

  const auto begin = screen.find("wardline1:");
  const auto invite = screen.substr(begin, screen.find('\n', begin) - begin);
  const auto made = protocol::invite_from_text(invite);
  REQUIRE(made.has_value());
  CHECK(made->patient_id == "alice");
  CHECK(made->port == 7460);
  CHECK(contains(screen, wardline::crypto::to_digits(made->doctor)));
  const auto width = wardline::cli::qr_width(wardline::cli::qr_code(invite), {true, true});
  CHECK(read_qr(seen_on_terminal(qr_on(at.screen_with_spaces(), width))) == invite);
}

TEST_CASE("on a small terminal the text of the first invite is still there to be copied") {
  const temporary_directory directory;
  tmux at(setup_in(directory, {"--id", "dr-lee", "--address", "127.0.0.1:7460", "--no-passphrase",
                               "--patient", "alice"}),
          80, 24);
  const auto screen = at.await("doctor invite PATIENT");
  CHECK(contains(screen, "  wardline1:"));
  CHECK(contains(screen, "\u2580"));  // the code is above it, and has moved up in part
}

TEST_CASE("doctor setup in a script takes its answers as options, and asks nobody") {
  const temporary_directory at;
  failed(run_program(setup_in(at, {"--id", "dr-lee"})), "--patient PATIENT", "as options", 2);
  failed(run_program(setup_in(at, {"--id", "dr-lee", "--address", "a b"})), "--address",
         "HOST:PORT", 2);
  const std::vector<std::string> answers{"--id",      "dr-lee", "--address",      "10.0.0.7",
                                         "--patient", "alice",  "--no-passphrase"};
  auto words = setup_in(at, answers);
  words.emplace_back("--json");
  const auto out = run_program(words);
  INFO(out.errors);
  REQUIRE(out.status == 0);
  const auto made = json::parse(out.output);
  CHECK(made.at("id") == "dr-lee");
  CHECK(made.at("address") == "10.0.0.7:7460");
  CHECK(made.at("passphrase") == "none");
  CHECK(protocol::invite_from_text(made.at("invite").get<std::string>()).has_value());
  failed(run_program(setup_in(at, answers)), "set up already", "doctor invite PATIENT");
}

TEST_CASE("an invite is shown as a QR code, too") {
  doctor_program doctor("ristretto255");
  const auto out = run_program({doctor_binary(), "invite", "alice", "--host", "10.0.0.7", "--qr",
                                "--id", "dr-lee", "--data-dir", doctor.data_directory()});
  REQUIRE(out.status == 0);
  const auto end = out.output.find('\n');
  const auto invite = out.output.substr(0, end);
  CHECK(read_qr(seen_on_terminal(out.output.substr(end + 1))) == invite);
  CHECK(doctor.try_command({"invite", "bob", "--qr"}).status == 2);  // with --json
}

TEST_CASE("the menu by lines shows an invite as a QR code, too") {
  const temporary_directory directory;
  tmux at({doctor_binary(), "--id", "dr-lee", "--data-dir", directory.path().string(), "--plain",
           "--listen", "127.0.0.1:0", "--group", "ristretto255"},
          130, 66);
  at.await("Exit server");
  for (const auto& [question, answer] :
       {std::pair("doctor>", "7"), std::pair("Id of the patient to invite:", "alice"),
        std::pair("Good for [7d]:", ""), std::pair("[127.0.0.1]:", "")}) {
    at.await(question);
    at.type_line(answer);
  }
  const auto screen = at.await("which only this machine can reach");
  const auto begin = screen.find("wardline1:");
  const auto invite = screen.substr(begin, screen.find('\n', begin) - begin);
  const auto width = wardline::cli::qr_width(wardline::cli::qr_code(invite), {true, true});
  CHECK(read_qr(seen_on_terminal(qr_on(at.screen_with_spaces(), width))) == invite);
  at.type_line("4");
  CHECK(at.wait() == 0);
}

TEST_CASE("each error that a first user meets says what happened and what to do") {
  const temporary_directory at;
  const auto enroll = [&](const std::string& invite, const std::string& directory = "p") {
    return run_program({patient_binary(), "enroll", invite, "--no-menu", "--data-dir",
                        (at.path() / directory).string()});
  };
  failed(enroll("hello"), "not an invite", "begins with wardline1:");
  failed(enroll("wardline1:CTEyNy4wLjAuMR0k"), "not a whole one", "Copy it anew");
  const auto old = protocol::to_text({"127.0.0.1", 1, {}, "alice", 5, protocol::invite_secret()});
  failed(enroll(old), "the invite has expired, on 1970", "Ask the doctor for a new one");
  failed(run_program({patient_binary(), "enroll"}), "an invite is needed", "--file FILE", 2);
  failed(run_program({patient_binary(), "enroll", "--file", (at.path() / "none").string()}),
         "No such file", "name of the file");

  // A directory that cannot be made, and one that others can read.
  std::ofstream(at.path() / "file") << "x";
  failed(enroll(old, "file/p"), "Not a directory", "another one with --data-dir");
  std::filesystem::create_directory(at.path() / "open");
  std::filesystem::permissions(at.path() / "open", std::filesystem::perms::all);
  failed(enroll(old, "open"), "open to other users", "chmod 700");
}

TEST_CASE("an address at which nothing answers is named, with what to do") {
  const temporary_directory at;
  const auto invite =
      protocol::to_text({"127.0.0.1", 1, {}, "alice", UINT64_MAX, protocol::invite_secret()});
  patient_program alice("alice");
  alice.start_with({"enroll", invite});
  const auto error = alice.events().await("error");
  CHECK(error.at("error") == "unavailable");
  CHECK(contains(error.at("message").get<std::string>(), "nothing answers at 127.0.0.1:1"));
  CHECK(contains(error.at("hint").get<std::string>(), "--connect HOST:PORT"));
  alice.events().await("disconnected");  // and it goes on trying
  CHECK(alice.stop(SIGTERM) == 0);
}

TEST_CASE("a port that is taken and an id that nobody has are told of with what to do") {
  doctor_program doctor("ristretto255");
  const temporary_directory at;
  failed(
      run_program({doctor_binary(), "--id", "dr-wu", "--data-dir", (at.path() / "dr-wu").string(),
                   "--listen", doctor.address(), "--no-menu", "--group", "ristretto255"}),
      "is in use", "another address with --listen");
  const auto status = [&](const std::string& id) {
    return run_program(
        {doctor_binary(), "status", "--id", id, "--data-dir", (at.path() / id).string()});
  };
  failed(status("dr-le"), "there is no doctor \"dr-le\"", "doctor setup");
  failed(status("dr-wu"), "no gateway of \"dr-wu\" is running", "start it with: doctor --id dr-wu");
  failed(status("dr-w"), "there is no doctor \"dr-w\"", "known here: dr-wu");

  // A slip makes no doctor unnoticed.
  const auto slip = run_program({doctor_binary(), "invite", "alice", "--id", "dr-w", "--data-dir",
                                 (at.path() / "dr-w").string(), "--group", "ristretto255"});
  CHECK(slip.status == 0);
  CHECK(contains(slip.errors, "there was no doctor \"dr-w\" yet"));
}
