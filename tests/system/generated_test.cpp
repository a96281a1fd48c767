// What packages install beside the programs, made of the table that parses the command line.
#include <algorithm>
#include <fstream>
#include <sstream>

#include "tests/support/catch.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/thrown.hpp"

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

}  // namespace

TEST_CASE("the manual pages have no fault that groff can find, and every command") {
  const temporary_directory at;
  for (const auto& [name, program] : programs) {
    INFO(name);
    const auto page = kept(at, name + ".1", generated(program, "man"));
    const auto out = run_program({"/usr/bin/groff", "-man", "-Tutf8", "-ww", "-z", page});
    CHECK(out.status == 0);
    CHECK(out.errors == "");
    // Whatever the program was called by.
    const auto upper = name == "doctor"    ? "DOCTOR"
                       : name == "patient" ? "PATIENT"
                                           : "WARDLINE-BENCH";
    CHECK(generated(program, "man").starts_with(".TH " + std::string(upper) + " 1 "));
  }
  const auto page = generated(WARDLINE_DOCTOR_BINARY, "man");
  for (const auto* text : {".SS doctor broadcast\n", ".SS doctor audit verify\n",
                           "\\-\\-overdue\\-after", ".SH NAME\ndoctor \\- "}) {
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

TEST_CASE("what cannot be generated is wrong usage") {
  CHECK(run_program({WARDLINE_DOCTOR_BINARY, "--generate", "poetry"}).status == 2);
}
