#pragma once

#include <fstream>
#include <string>
#include <vector>

#include "tests/support/catch.hpp"
#include "tests/support/tmux.hpp"
#include "tests/system/binaries.hpp"
#include "tests/system/programs.hpp"

/// Doctors and patients who sit at real terminals.
namespace wardline::test {

inline std::vector<std::string> at_the_doctor(const std::string& directory,
                                              const std::vector<std::string>& more = {},
                                              const std::string& id = "dr-lee") {
  std::vector<std::string> out{doctor_binary(), "--id",        id,        "--data-dir",  directory,
                               "--listen",      "127.0.0.1:0", "--group", "ristretto255"};
  out.insert(out.end(), more.begin(), more.end());
  return out;
}

/// dr-lee, at the full-screen console.
struct seated_doctor {
  explicit seated_doctor(std::size_t columns = 120, std::size_t rows = 40,
                         const std::vector<std::string>& environment = {})
      : screen(at_the_doctor(directory.path().string()), columns, rows, environment) {
    screen.await("doctor>");
    screen.await(" of 0 here");
  }

  /// What stands on the screen from there to the next space or line's end.
  std::string word(const std::string& beginning) const {
    const auto text = screen.await(beginning);
    const auto at = text.find(beginning);
    return text.substr(at, text.find_first_of(" \n", at) - at);
  }
  std::string address() const { return word("127.0.0.1:"); }

  /// Somebody who has no invite.
  void knock(patient_program& who) const {
    who.start_with({"--id", who.id(), "--doctor-id", "dr-lee", "--connect", address(),
                    "--trust-on-first-use"});
  }

  temporary_directory directory;
  tmux screen;
};

/// A patient at a terminal, with a directory that outlives its runs.
struct seated_patient {
  std::vector<std::string> program(std::vector<std::string> words) const {
    words.insert(words.begin(), patient_binary());
    words.insert(words.end(), {"--data-dir", directory.path().string()});
    return words;
  }
  temporary_directory directory;
};

/// The program begun by a shell, which tells its exit status, and leaves the terminal to `cat`.
inline std::vector<std::string> in_a_shell(const std::vector<std::string>& program) {
  std::vector<std::string> out{"/bin/sh", "-c", "trap : INT; \"$@\"; echo status $?; exec cat",
                               "sh"};
  out.insert(out.end(), program.begin(), program.end());
  return out;
}

/// The process id of that program.
inline pid_t begun_by_the_shell_of(const tmux& screen) {
  const auto shell = std::to_string(screen.process_id());
  std::ifstream children("/proc/" + shell + "/task/" + shell + "/children");
  pid_t program = 0;
  REQUIRE(children >> program);
  return program;
}

}  // namespace wardline::test
