#include "tests/support/tmux.hpp"

#include <fstream>

#include <fmt/format.h>

#include "tests/support/catch.hpp"
#include "tests/support/process.hpp"

namespace wardline::test {

tmux::tmux(std::vector<std::string> program, std::size_t columns, std::size_t rows,
           const std::vector<std::string>& environment) {
  std::vector<std::string> words{"new-session",           "-d", "-x",
                                 std::to_string(columns), "-y", std::to_string(rows)};
  for (const auto& e : environment) words.insert(words.end(), {"-e", e});
  // The window has to be there until it is told to stay when its program ends.
  words.emplace_back("cat");
  run(words);
  run({"set-option", "-g", "remain-on-exit", "on"});
  run({"set-option", "-g", "status", "off"});
  run({"set-option", "-s", "escape-time", "0"});
  words = {"respawn-window", "-k"};
  for (const auto& e : environment) words.insert(words.end(), {"-e", e});
  // A shell keeps the exit status, which tmux may miss.
  words.insert(words.end(), {"/bin/sh", "-c", "\"$@\"; echo $? > \"$0\"",
                             (directory_.path() / "status").string()});
  words.insert(words.end(), program.begin(), program.end());
  run(words);
  resize(columns, rows);  // the line that the status took
}

tmux::~tmux() { close(); }

void tmux::close() {
  run_program({"/usr/bin/env", "-u", "TMUX", "tmux", "-S", (directory_.path() / "socket").string(),
               "kill-server"});
}

void tmux::press(const std::vector<std::string>& keys) {
  std::vector<std::string> words{"send-keys"};
  words.insert(words.end(), keys.begin(), keys.end());
  run(words);
}

void tmux::type(const std::string& text) { run({"send-keys", "-l", "--", text}); }

void tmux::resize(std::size_t columns, std::size_t rows) {
  run({"resize-window", "-x", std::to_string(columns), "-y", std::to_string(rows)});
}

std::string tmux::screen(bool with_styles) const {
  if (with_styles) return run({"capture-pane", "-p", "-e"});
  return run({"capture-pane", "-p"});
}

std::string tmux::await(const std::function<bool(const std::string&)>& holds,
                        const std::string& what) const {
  const auto give_up = std::chrono::steady_clock::now() + patience;
  std::string now = screen();
  while (!holds(now)) {
    if (std::chrono::steady_clock::now() > give_up) FAIL(what << "; the screen:\n" << now);
    now = screen();
  }
  return now;
}

std::string tmux::await(const std::string& text) const {
  return await([&](const std::string& s) { return s.find(text) != std::string::npos; },
               "it does not show: " + text);
}

std::string tmux::await_gone(const std::string& text) const {
  return await([&](const std::string& s) { return s.find(text) == std::string::npos; },
               "it still shows: " + text);
}

std::string tmux::screen_with_spaces() const { return run({"capture-pane", "-p", "-N"}); }

bool tmux::has_rung() const {
  return run({"display-message", "-p", "#{window_bell_flag}"}) == "1\n";
}

int tmux::wait() const {
  std::string line;
  await(
      [&](const std::string&) {
        std::ifstream in(directory_.path() / "status");
        return std::getline(in, line) && !in.eof();  // with its line feed: all of it
      },
      "the program does not end");
  return std::stoi(line);
}

int tmux::process_id() const {
  const auto shell = std::stoi(run({"display-message", "-p", "#{pane_pid}"}));
  int child = 0;
  std::ifstream(fmt::format("/proc/{0}/task/{0}/children", shell)) >> child;
  REQUIRE(child > 0);
  return child;
}

std::string tmux::run(const std::vector<std::string>& words) const {
  // -u: UTF-8, whatever the locale of the test; -f: nobody's settings.
  std::vector<std::string> all{"/usr/bin/env", "-u",
                               "TMUX",         "LC_ALL=C.UTF-8",
                               "tmux",         "-u",
                               "-f",           "/dev/null",
                               "-S",           (directory_.path() / "socket").string()};
  all.insert(all.end(), words.begin(), words.end());
  const auto out = run_program(std::move(all));
  INFO(words.front() << ": " << out.output << out.errors);
  REQUIRE(out.status == 0);
  return out.output;
}

}  // namespace wardline::test
