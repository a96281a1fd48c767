// What packages install beside the programs, made of the table that parses the command line.
#include <algorithm>
#include <fstream>
#include <sstream>

#include "tests/support/catch.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/thrown.hpp"
#include "tests/support/tmux.hpp"

using namespace wardline::test;

namespace {

const std::vector<std::pair<std::string, std::string>> programs{
    {"doctor", WARDLINE_DOCTOR_BINARY},
    {"patient", WARDLINE_PATIENT_BINARY},
    {"wardline-bench", WARDLINE_BENCH_BINARY}};

std::string generated(const std::string& program, const std::string& what) {
  const auto out = run_program({program, "--generate", what});
  REQUIRE(out.status == 0);
  REQUIRE_FALSE(out.output.empty());
  return out.output;
}

std::string kept(const temporary_directory& in, const std::string& name, const std::string& text) {
  const auto file = in.path() / name;
  std::ofstream(file) << text;
  return file.string();
}

/// What a real bash completes the last of these words to, in order.
std::vector<std::string> completed(const std::string& script, const std::string& function,
                                   const std::vector<std::string>& words) {
  std::string line = "source " + script + "; COMP_WORDS=(";
  for (const auto& w : words) line += "'" + w + "' ";
  line += "); COMP_CWORD=" + std::to_string(words.size() - 1) + "; " + function +
          "; printf '%s\n' \"${COMPREPLY[@]}\"";
  const auto out = run_program({"/bin/bash", "--norc", "-c", line});
  REQUIRE(out.errors.empty());
  std::vector<std::string> all;
  std::istringstream lines(out.output);
  for (std::string one; std::getline(lines, one);) {
    if (!one.empty()) all.push_back(one);
  }
  std::sort(all.begin(), all.end());
  return all;
}

using strings = std::vector<std::string>;

/// A person at a real shell, in a directory with a file, a folder, and one that is called like a
/// command. The prompt is "> ".
class shell {
 public:
  /// `load`: what makes the shell complete `doctor`, and `loaded`: what it says then.
  shell(const temporary_directory& at, strings program, const std::string& load,
        const std::string& loaded)
      : screen_(std::move(program), 100, 24, {"HISTFILE=/dev/null", "INPUTRC=/dev/null"}) {
    std::filesystem::create_directory(at.path() / "audit");
    std::filesystem::create_directory(at.path() / "records");
    kept(at, "exported.jsonl", "");
    screen_.type_line("PS1='> '; cd " + at.path().string() + "; " + load);
    screen_.await(loaded);
  }

  /// Each of `words` is typed and completed by Tab; the line then begins with `line`.
  void completes(const strings& words, const std::string& line) {
    for (const auto& w : words) {
      screen_.type(w);
      screen_.press({"Tab"});
    }
    screen_.type("#");  // shows the space that a finished word has behind it
    screen_.await("> " + line + "#");
    clear_line();
  }

  void lists(const std::string& typed, const strings& choices) {
    screen_.type(typed);
    screen_.press({"Tab", "Tab"});
    for (const auto& c : choices) screen_.await(c);
    clear_line();
  }

 private:
  void clear_line() {
    screen_.press({"C-u", "C-l"});
    screen_.await([](const std::string& s) { return s.find_last_not_of(" \n") == 0; }, "no prompt");
  }

  tmux screen_;
};

/// The same for every shell that a person sits at.
void walk(shell& at) {
  at.completes({"doctor --id dr bro"}, "doctor --id dr broadcast ");
  at.completes({"doctor broadcast --inc", "--prio", "ur"},
               "doctor broadcast --include-new --priority urgent ");
  at.completes({"doctor aud", "ver", "--fil", "exp"}, "doctor audit verify --file exported.jsonl ");
  at.completes({"doctor --data-dir rec"}, "doctor --data-dir records/");
  at.completes({"doctor config ch"}, "doctor config check ");
  at.lists("doctor --log-level ", {"debug", "error", "info", "warning"});
}

}  // namespace

TEST_CASE("the manual pages have no fault that groff can find, and every command") {
  const temporary_directory at;
  for (const auto& [name, program] : programs) {
    INFO(name);
    const auto page = kept(at, name + ".1", generated(program, "man"));
    const auto out = run_program({"/usr/bin/groff", "-man", "-Tutf8", "-ww", "-z", page});
    CHECK(out.status == 0);
    CHECK(out.errors == "");
    const auto shown = run_program({"/usr/bin/man", "--warnings", "-l", page});
    CHECK(shown.status == 0);
    CHECK(shown.errors == "");
    CHECK(contains(shown.output, "NAME\n       " + name + " "));
    // Whatever the program was called by.
    const auto upper = name == "doctor"    ? "DOCTOR"
                       : name == "patient" ? "PATIENT"
                                           : "WARDLINE-BENCH";
    CHECK(generated(program, "man").starts_with(".TH " + std::string(upper) + " 1 "));
  }
  const auto page = generated(WARDLINE_DOCTOR_BINARY, "man");
  for (const auto* text :
       {".SS doctor broadcast\n", ".SS doctor audit verify\n", "\\-\\-overdue\\-after",
        ".SH NAME\ndoctor \\- ", "\\fIHOST:PORT\\fR\n", "\\fIHOST[:PORT]\\fR\n", " \\fIN\\fR\n"}) {
    CHECK(contains(page, text));
  }
}

TEST_CASE("bash completes commands, options, choices and files") {
  const temporary_directory at;
  const auto script = kept(at, "doctor.bash", generated(WARDLINE_DOCTOR_BINARY, "bash"));
  const auto complete = [&](const strings& words) {
    return completed(script, "_wardline_doctor", words);
  };
  CHECK(complete({"doctor", "--id", "dr", "bl"}) == strings{"block"});
  CHECK(complete({"doctor", "audit", "ver"}) == strings{"verify"});
  CHECK(complete({"doctor", "audit", "verify", "--kn"}) == strings{"--known"});
  CHECK(complete({"doctor", "broadcast", "--priority", "ur"}) == strings{"urgent"});
  CHECK(complete({"doctor", "broadcast", "--inc"}) == strings{"--include-new"});
  CHECK(complete({"doctor", "--log-level", ""}) == strings{"debug", "error", "info", "warning"});
  CHECK(complete({"doctor", "--include"}) == strings{});
  std::filesystem::create_directory(at.path() / "records");
  CHECK(complete({"doctor", "--data-dir", (at.path() / "rec").string()}) ==
        strings{(at.path() / "records").string()});
}

TEST_CASE("a person at a real bash has commands, options, choices and files completed") {
  const temporary_directory at;
  const auto script = kept(at, "doctor.bash", generated(WARDLINE_DOCTOR_BINARY, "bash"));
  shell bash(at, {"/bin/bash", "--norc", "--noprofile", "-i"},
             "source " + script + "; complete -p doctor", "complete -F _wardline_doctor doctor");
  walk(bash);
  bash.completes({"doctor broadcast --priority=", "ur"}, "doctor broadcast --priority=urgent ");
}

TEST_CASE("a person at a real zsh has commands, options, choices and files completed") {
  const temporary_directory at;
  kept(at, "_doctor", generated(WARDLINE_DOCTOR_BINARY, "zsh"));
  shell zsh(at, {"/usr/bin/zsh", "-f", "-i"},
            "fpath=($PWD $fpath); autoload -Uz compinit; compinit -u -D; echo is $_comps[doctor]",
            "is _doctor");
  walk(zsh);
}

TEST_CASE("fish completes commands, options, choices and files") {
  const temporary_directory at;
  const auto script = kept(at, "doctor.fish", generated(WARDLINE_DOCTOR_BINARY, "fish"));
  const auto complete = [&](const std::string& line) {
    const auto out =
        run_program({"/usr/bin/env", "HOME=" + at.path().string(), "/usr/bin/fish", "--no-config",
                     "-c", "source " + script + "; complete -C '" + line + "'"});
    CHECK(out.errors.empty());
    strings all;
    std::istringstream lines(out.output);
    for (std::string one; std::getline(lines, one);) all.push_back(one.substr(0, one.find('\t')));
    std::sort(all.begin(), all.end());
    return all;
  };
  CHECK(complete("doctor --id dr bro") == strings{"broadcast"});
  CHECK(complete("doctor audit ver") == strings{"verify"});
  CHECK(complete("doctor broadcast --inc") == strings{"--include-new"});
  CHECK(complete("doctor broadcast --priority ur") == strings{"urgent"});
  CHECK(complete("doctor --log-level ") == strings{"debug", "error", "info", "warning"});
  std::filesystem::create_directory(at.path() / "records");
  CHECK(complete("doctor --data-dir " + at.path().string() + "/rec") ==
        strings{at.path().string() + "/records/"});
}

TEST_CASE("what cannot be generated is wrong usage") {
  CHECK(run_program({WARDLINE_DOCTOR_BINARY, "--generate", "poetry"}).status == 2);
}
