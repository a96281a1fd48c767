// The patient's full-screen console in a real terminal, as its person sees it.
#include <csignal>
#include <stop_token>
#include <thread>

#include <fmt/format.h>

#include "common/util/text_width.hpp"
#include "doctor/control/client.hpp"
#include "doctor/control/request.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/thrown.hpp"
#include "tests/system/consoles.hpp"

using namespace wardline::test;

TEST_CASE("a patient at a terminal enrols, reads, acknowledges with one key and writes") {
  doctor_program doctor("ristretto255");
  const auto invite = doctor.invite("alice");
  const seated_patient alice;
  tmux at(alice.program({"enroll"}));

  at.await("Paste the invite");
  at.type(invite);
  at.press({"Enter"});
  at.await("Signed in with dr-lee");
  doctor.events().await("patient_authenticated", where("enrolled_now", true));
  // What was pinned is there to be compared.
  const auto groups = doctor.fingerprint();
  for (const std::size_t line : {0, 24, 48}) at.await(groups.substr(line, 23));
  CHECK_FALSE(at.has_rung());

  const auto sent = doctor.command({"broadcast", "Stay in your rooms \xe4\xbd\xa0\xe5\xa5\xbd"});
  at.await("Stay in your rooms \xe4\xbd\xa0\xe5\xa5\xbd");
  at.await("*** EMERGENCY *** Not acknowledged");
  at.await([&at](const std::string&) { return at.has_rung(); }, "it does not ring");
  at.press({"a"});
  at.await_gone("Not acknowledged yet");
  const auto receipt = doctor.events().await("delivery", where("state", "acknowledged"));
  CHECK(receipt.at("message_id") == sent.at("message_id"));
  CHECK(receipt.at("patient") == "alice");

  at.press({"f"});
  at.await(groups.substr(48, 23));
  at.press({"3"});
  at.type("hello doctor, a 1 and an \xc3\xa9");
  at.press({"Enter"});
  const auto message = doctor.events().await("message");
  CHECK(message.at("text") == "hello doctor, a 1 and an \xc3\xa9");
  at.await("Your message has reached the doctor.");

  at.press({"2"});
  at.await("Leave?");
  at.press({"y"});
  CHECK(at.wait() == 0);
  // The terminal is as it was, and says how to come back.
  const auto after = at.await("patient --id alice --doctor-id dr-lee --data-dir");
  CHECK(contains(after, invite.substr(invite.size() - 8)));
  CHECK_FALSE(contains(after, "Signed in"));
}

TEST_CASE("the state line says that the gateway is gone, what waits, and that it is back") {
  doctor_program doctor("ristretto255");
  patient_program enrolled("bob");
  enrolled.sign_in(doctor);
  CHECK(enrolled.stop(SIGTERM) == 0);
  tmux at({patient_binary(), "--id", "bob", "--doctor-id", "dr-lee", "--data-dir",
           enrolled.data_directory()});
  at.await("Signed in with dr-lee");

  at.press({"3"});
  at.type("half of ");
  doctor.stop(false);
  at.await("trying again");
  at.type("a message");
  at.resize(44, 12);
  at.await(
      [](const std::string& screen) {
        return wardline::display_width(screen.substr(0, screen.find('\n'))) <= 44 &&
               contains(screen, "half of a message");
      },
      "the draft is not whole");
  at.press({"Enter"});
  at.resize(80, 24);
  at.await("dr-lee's gateway cannot be reached");
  at.await("1 message waits");  // (where the line breaks depends on the seconds)

  doctor.start();
  CHECK(doctor.events().await("message").at("text") == "half of a message");
  at.await("Signed in with dr-lee");
  at.await_gone("1 message waits");
}

TEST_CASE("no key is lost while messages pour in and the window changes its size") {
  doctor_program doctor("ristretto255");
  patient_program enrolled("carol");
  enrolled.sign_in(doctor);
  CHECK(enrolled.stop(SIGTERM) == 0);
  tmux at({patient_binary(), "--id", "carol", "--doctor-id", "dr-lee", "--data-dir",
           enrolled.data_directory()});
  at.await("Signed in with dr-lee");
  at.press({"3"});
  std::string typed;
  for (int i = 0; i < 30; ++i) {
    doctor.command({"message", "carol", "number " + std::to_string(i)});
    const auto word = std::to_string(i) + "x ";
    at.type(word);
    typed += word;
    if (i % 10 == 5) at.resize(60, 20);
    if (i % 10 == 9) at.resize(80, 24);
  }
  at.await("Inbox: 30 messages");
  at.press({"Enter"});
  CHECK(doctor.events().await("message").at("text") == typed);
}

TEST_CASE("no key is lost at the patient's console while fifty messages a second arrive") {
  doctor_program doctor("ristretto255");
  const auto invite = doctor.invite("carol");
  const seated_patient carol;
  tmux at(carol.program({"enroll"}));
  at.await("Paste the invite");
  at.type_line(invite);
  at.await("Signed in with dr-lee");

  std::string text;
  for (int i = 0; i < 200; ++i) text += fmt::format("w\xc3\xb6rd{:03} ", i);
  text += "end";
  std::size_t written = 0;
  bool are_all_taken = true;
  std::jthread ward([&](const std::stop_token& all_typed) {
    const auto began = std::chrono::steady_clock::now();
    while (!all_typed.stop_requested() || written < 100) {
      std::this_thread::sleep_until(began + written * std::chrono::milliseconds(20));
      nlohmann::ordered_json answer;
      are_all_taken &= wardline::doctor::control::ask(
          doctor.data_directory(),
          wardline::doctor::control::message_request{"carol", fmt::format("note {}.", written)},
          answer);
      ++written;
    }
  });
  at.press({"3"});
  for (std::size_t i = 0; i < text.size(); i += 50) at.type(text.substr(i, 50));
  ward.request_stop();
  ward.join();
  CHECK(are_all_taken);
  at.await("199 end");
  at.await(fmt::format("note {}.", written - 1));
  at.press({"Enter"});
  CHECK(doctor.events().await("message").at("text") == text);
}

TEST_CASE("signals end the patient's console, and the terminal is as it was") {
  const int number = GENERATE(SIGINT, SIGTERM, SIGHUP);
  const seated_patient dave;
  tmux at(in_a_shell(
      dave.program({"--id", "dave", "--doctor-id", "dr-lee", "--connect", "127.0.0.1:1"})));
  at.await("trying again");
  if (number == SIGINT)
    at.press({"C-c"});
  else
    ::kill(begun_by_the_shell_of(at), number);
  const auto left = at.await("status 0");
  CHECK_FALSE(contains(left, "trying again"));
  at.type("echoed");  // by the terminal itself, as before
  at.await("echoed");
}

TEST_CASE("who says that this is not their doctor leaves, and is told what to do") {
  doctor_program doctor("ristretto255");
  const seated_patient eve;
  tmux at(in_a_shell(
      eve.program({"--id", "eve", "--doctor-id", "dr-lee", "--connect", doctor.address()})));
  at.await("Is this your doctor? (yes/no):");
  at.press({"n", "o", "Enter", "x", "x"});  // with more keys behind it
  const auto left = at.await("status 1");
  CHECK(contains(left, "you said that this is not your doctor"));
  CHECK(contains(left, "hint: Check --connect"));
}

TEST_CASE("with --plain the patient has the menu, line by line") {
  const temporary_directory directory;
  for (const auto& how : {std::vector<std::string>{"/usr/bin/env", "TERM=dumb"},
                          std::vector<std::string>{"/usr/bin/env"}}) {
    auto words = how;
    words.insert(words.end(),
                 {patient_binary(), "--id", "dave", "--doctor-id", "dr-lee", "--connect",
                  "127.0.0.1:1", "--data-dir", directory.path().string()});
    if (how.size() == 1) words.emplace_back("--plain");
    tmux at(words);
    at.await("1  Send disconnect request");
    at.await("nothing answers at 127.0.0.1:1");
    at.type("2");
    at.press({"Enter"});
    CHECK(at.wait() == 0);
  }
}
