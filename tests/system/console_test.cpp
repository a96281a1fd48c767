// The doctor's full-screen console in a real terminal, as its person sees it.
#include <atomic>
#include <csignal>
#include <thread>

#include <fmt/format.h>

#include "bench/harness/gateway.hpp"
#include "bench/harness/patient_crowd.hpp"
#include "common/util/text_encoding.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/thrown.hpp"
#include "tests/system/consoles.hpp"

namespace wardline::test {
namespace {

constexpr std::size_t wide = 120;
constexpr std::size_t high = 40;

}  // namespace

TEST_CASE("a doctor admits, broadcasts, sees the receipts, and writes, all at the console") {
  seated_doctor c;
  patient_program bob("bob");
  c.knock(bob);
  c.screen.await("! waiting: bob (6)");

  c.screen.press({"6"});
  c.screen.await("Number of who is to be admitted");
  c.screen.type_line("1");
  c.screen.await("admit or refuse:");
  c.screen.type_line("admit");
  bob.events().await("authenticated");
  c.screen.await("\xe2\x97\x8f bob");  // here
  c.screen.await("1 of 1 here");
  c.screen.await_gone("! waiting");

  // Two keys, the text, and a confirmation that says how many it reaches.
  c.screen.press({"!"});
  c.screen.await("EMERGENCY to all patients");
  c.screen.type_line("Stay in your rooms");
  c.screen.await("This goes as emergency to 1 enrolled patient, 1 of them connected now.");
  c.screen.type_line("yes");
  CHECK(bob.events().await("message").at("text") == "Stay in your rooms");
  const auto board = c.screen.await("1 of 1 have it");
  CHECK(contains(board, "\xe2\x9c\x93  bob"));
  CHECK(contains(board, "Stay in your rooms"));

  bob.say("send Where to?");
  c.screen.await("1 unread");
  c.screen.press({"Down"});
  c.screen.await("bob: Where to?");
  c.screen.await_gone("1 unread");
  c.screen.press({"Enter"});
  c.screen.await("Text to bob:");
  c.screen.type_line("To the h\xc3\xa9liport");
  c.screen.await("Priority:");
  c.screen.press({"Enter"});
  CHECK(bob.events().await("message").at("text") == "To the h\xc3\xa9liport");
  c.screen.await("you: To the h\xc3\xa9liport");
  c.screen.await("(decrypted)");

  // To 80 by 24 and back, in the middle of a line: it stays, and everything is there again.
  c.screen.press({"5"});
  c.screen.await("Patient:");
  c.screen.type("half a na");
  c.screen.await("Patient: half a na");
  c.screen.resize(80, 24);
  const auto small = c.screen.await(
      [](const std::string& s) {
        return contains(s, "? help") && !contains(s, "9 block") &&
               contains(s, "Patient: half a na");
      },
      "no small screen");
  CHECK(contains(small, "\xe2\x97\x8f bob"));
  c.screen.resize(wide, high);
  c.screen.await("9 block");
  c.screen.type("me");
  c.screen.await("Patient: half a name");
  c.screen.press({"Escape"});
  c.screen.await("Nothing was done.");

  // "4" alone ends nothing.
  c.screen.press({"4"});
  c.screen.await("doctor> 4");
  c.screen.press({"Enter"});
  CHECK(c.screen.wait() == 0);
  CHECK(bob.events().await("disconnected").at("reason") == "shutting_down");
}

TEST_CASE("no key is lost while fifty events a second arrive") {
  constexpr std::size_t patients = 10;
  bench::gateway ward(WARDLINE_DOCTOR_BINARY, crypto::group_id::ristretto255);
  bench::patient_crowd crowd(patients, crypto::group_id::ristretto255);
  ward.enrol(crowd.identities());
  crowd.know(ward.identity());
  tmux screen(at_the_doctor(ward.directory().string(), {}, "bench"), 80, 24);
  const auto shown = screen.await(" of 10 here");
  const auto port = std::stoi(shown.substr(shown.find("127.0.0.1:") + 10));
  REQUIRE(crowd.sign_in({static_cast<std::uint16_t>(port)}).established == patients);
  screen.await("10 of 10 here");

  std::string text;
  for (int i = 0; i < 200; ++i) text += fmt::format("w\xc3\xb6rd{:03} ", i);
  text += "end";
  std::atomic<bool> is_typed = false;
  std::thread person([&] {
    screen.press({"5"});
    screen.await("Patient:");
    screen.type_line("p00003");
    screen.await("Text to p00003:");
    for (std::size_t i = 0; i < text.size(); i += 50) screen.type(text.substr(i, 50));
    is_typed = true;
  });

  std::size_t written = 0;
  crypto::system_random random;
  const auto began = std::chrono::steady_clock::now();
  while (!is_typed || written < 100) {
    const auto due = began + written * std::chrono::milliseconds(20);
    crowd.run([&] { return std::chrono::steady_clock::now() >= due; }, process::patience);
    crowd.write(written % patients, {random.make<protocol::message_id>(), system_clock().now(), 0,
                                     protocol::content_type::text, protocol::priority::routine,
                                     to_bytes(as_bytes(fmt::format("note {}", written)))});
    ++written;
  }
  person.join();
  screen.await("199 end");
  screen.press({"Enter"});
  screen.await("Priority:");
  screen.press({"Enter"});
  screen.await("is on its way to p00003");

  const auto sent = ward.ask(doctor::control::deliveries_request{});
  REQUIRE(sent.size() == 1);
  CHECK(sent.at(0).at("text") == text);
  screen.await(fmt::format("{} unread", written));
}

TEST_CASE("one key makes a choice, and an Enter behind it is not lost on an emergency") {
  seated_doctor c(80, 24);
  c.screen.press({"2", "Enter"});  // as at the menu by lines: the Enter does not end the question
  c.screen.await("Text to all patients:");
  c.screen.press({"Escape"});
  c.screen.await("Nothing was done.");
  // What Escape has ended is not lost.
  c.screen.press({"2"});
  c.screen.type("Leave by the");
  c.screen.await("Text to all patients: Leave by the");
  c.screen.press({"Escape"});
  c.screen.await_gone("Text to all patients: Leave by the");
  c.screen.press({"2", "Up"});
  c.screen.await("Text to all patients: Leave by the");
  c.screen.press({"Escape"});
  c.screen.press({"!", "Enter"});
  c.screen.await("It says: Emergency: stay where you are");
  c.screen.await("No patients are enrolled");
}

TEST_CASE("signals end the console, and the terminal is as it was") {
  const int number = GENERATE(SIGINT, SIGTERM, SIGHUP);
  temporary_directory directory;
  tmux screen(in_a_shell(at_the_doctor(directory.path().string())), 80, 24);
  screen.await(" of 0 here");
  if (number == SIGINT)
    screen.press({"C-c"});
  else
    ::kill(begun_by_the_shell_of(screen), number);
  const auto left = screen.await("status 0");
  CHECK(contains(left, "no passphrase is set"));  // what stood there before
  CHECK_FALSE(contains(left, "of 0 here"));
  screen.type("echoed");  // by the terminal itself, as before
  screen.await("echoed");
}

TEST_CASE("with --plain and on a dumb terminal the doctor has the menu, line by line") {
  const bool is_asked_for = GENERATE(true, false);
  temporary_directory directory;
  tmux screen(
      at_the_doctor(directory.path().string(), is_asked_for ? std::vector<std::string>{"--plain"}
                                                            : std::vector<std::string>{}),
      80, 24, is_asked_for ? std::vector<std::string>{} : std::vector<std::string>{"TERM=dumb"});
  const auto shown = screen.await("1  List connected patients");
  CHECK_FALSE(contains(shown, "here"));
  screen.type_line("4");
  CHECK(screen.wait() == 0);
}

TEST_CASE("with NO_COLOR the console has no colours, and says the same") {
  for (const auto& [environment, coloured] :
       {std::pair(std::vector<std::string>{"NO_COLOR=1"}, false),
        std::pair(std::vector<std::string>{}, true)}) {
    seated_doctor c(80, 24, environment);
    patient_program bob("bob");
    c.knock(bob);
    c.screen.await("! waiting: bob (6)");
    CHECK(contains(c.screen.screen(true), "\x1b[33m") == coloured);
    c.screen.press({"4", "Enter"});
    CHECK(c.screen.wait() == 0);
    bob.kill();
  }
}

}  // namespace wardline::test
