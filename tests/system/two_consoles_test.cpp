// A doctor and two patients, each at a console in a real terminal, from the invite to the good-bye.
#include <regex>

#include "common/util/text_width.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/thrown.hpp"
#include "tests/system/consoles.hpp"

namespace wardline::test {
namespace {

/// All of it fits, and this is on it.
void await_small(const tmux& at, const std::string& text) {
  at.await(
      [&](const std::string& screen) {
        for (std::size_t begin = 0; begin < screen.size();) {
          const auto end = screen.find('\n', begin);
          if (display_width(screen.substr(begin, end - begin)) > 80) return false;
          begin = end + 1;
        }
        return contains(screen, text);
      },
      "not on 80 by 24: " + text);
}

std::string fingerprint_on(const std::string& screen, const std::string& behind) {
  const auto from = screen.find(behind);
  REQUIRE(from != std::string::npos);
  std::smatch found;
  const auto rest = screen.substr(from);
  REQUIRE(std::regex_search(rest, found, std::regex("([0-9]{5} ){11}[0-9]{5}")));
  return found.str();
}

bool shows_in_lines(const std::string& screen, const std::string& fingerprint) {
  for (const std::size_t line : {0, 24, 48})
    if (!contains(screen, fingerprint.substr(line, 23))) return false;
  return true;
}

}  // namespace

TEST_CASE("a doctor and two patients go through everything at their consoles") {
  seated_doctor lee(200, 50);

  // alice is invited, and enrols.
  lee.screen.press({"7"});
  lee.screen.await("Id of the patient to invite:");
  lee.screen.type_line("alice");
  lee.screen.await("Good for [7d]:");
  lee.screen.press({"Enter"});
  lee.screen.await("[127.0.0.1]:");
  lee.screen.press({"Enter"});
  lee.screen.await("doctor invite PATIENT --id ID --qr");  // below the invite
  const auto invite = lee.word("wardline1:");
  const seated_patient alice;
  tmux at_alice(alice.program({"enroll"}), 120, 40);
  at_alice.await("Paste the invite");
  at_alice.type_line(invite);
  at_alice.await("Signed in with dr-lee");
  lee.screen.await("and is enrolled now.");
  lee.screen.await("1 of 1 here");

  // bob has no invite. Each compares what the other shows, and he waits until he is let in.
  const seated_patient bob;
  tmux at_bob(bob.program({"--id", "bob", "--doctor-id", "dr-lee", "--connect", lee.address()}),
              120, 40);
  const auto asked = at_bob.await("Is this your doctor? (yes/no):");
  const auto doctors = fingerprint_on(lee.screen.screen(), "Listening on");
  CHECK(shows_in_lines(asked, doctors));
  CHECK(shows_in_lines(at_alice.screen(), doctors));
  at_bob.type_line("yes");
  const auto waits = at_bob.await("Waiting for dr-lee to admit you");
  lee.screen.await("! waiting: bob (6)");
  lee.screen.press({"6"});
  lee.screen.await("Number of who is to be admitted");
  lee.screen.type_line("1");
  CHECK(shows_in_lines(
      waits, fingerprint_on(lee.screen.await("admit or refuse:"), "shows the fingerprint")));
  lee.screen.type_line("admit");
  at_bob.await("Signed in with dr-lee");
  lee.screen.await("2 of 2 here");

  // A broadcast, and what becomes of it.
  lee.screen.press({"2"});
  lee.screen.await("Text to all patients:");
  lee.screen.type_line("Leave by the west stairs");
  lee.screen.await("Priority:");
  lee.screen.press({"Enter"});
  lee.screen.await("2 enrolled patients, 2 of them connected now");
  lee.screen.type_line("yes");
  for (const auto* at : {&at_alice, &at_bob}) {
    at->await("Leave by the west stairs");
    at->await("*** EMERGENCY *** Not acknowledged yet.");
  }
  lee.screen.await("2 of 2 have it");
  at_alice.press({"a"});
  at_alice.await_gone("Not acknowledged yet.");
  lee.screen.await("2 of 2 have it, 1 say so");
  lee.screen.await("\xe2\x9c\x93\xe2\x9c\x93 alice");

  // Messages both ways, while both windows become small and large again.
  at_alice.press({"3"});
  at_alice.type("half of ");
  lee.screen.press({"5"});
  lee.screen.await("Patient:");
  lee.screen.type("al");
  at_alice.resize(80, 24);
  await_small(at_alice, "Message to the doctor: half of");
  lee.screen.resize(80, 24);
  await_small(lee.screen, "Patient: al");
  at_alice.type("a message");
  lee.screen.type("ice");
  await_small(at_alice, "half of a message");
  await_small(lee.screen, "Patient: alice");
  at_alice.resize(120, 40);
  lee.screen.resize(200, 50);
  lee.screen.await("9 block");
  lee.screen.await("Patient: alice");
  lee.screen.press({"Enter"});
  lee.screen.await("Text to alice:");
  lee.screen.type_line("Where are you?");
  lee.screen.await("Priority:");
  lee.screen.press({"Enter"});
  at_alice.await("Where are you?");
  at_alice.await("Message to the doctor: half of a message");
  at_alice.press({"Enter"});
  at_alice.await("Your message has reached the doctor.");
  lee.screen.await("1 unread");
  lee.screen.press({"Down"});
  lee.screen.await("Conversation with alice");
  lee.screen.await("alice: half of a message");
  lee.screen.await("you: Where are you?");

  // A terminal that is closed is the end of the program at it, and not of anything else.
  at_alice.close();
  lee.screen.await("alice said goodbye.");
  lee.screen.close();
  at_bob.await("trying again");
  at_bob.press({"q"});
  at_bob.await("Leave?");
  at_bob.press({"y"});
  CHECK(at_bob.wait() == 0);
}

}  // namespace wardline::test
