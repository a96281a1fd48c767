#include "tests/support/tmux.hpp"

#include <chrono>
#include <fstream>
#include <thread>

#include "tests/support/catch.hpp"
#include "tests/support/process.hpp"
#include "tests/support/thrown.hpp"

namespace wardline::test {
namespace {

// tmux tells nobody when a screen changes.
constexpr std::chrono::milliseconds between_looks{20};

}  // namespace

tmux::tmux(std::vector<std::string> program, std::size_t columns, std::size_t rows) {
  // It stays on the screen when it has ended.
  std::vector<std::string> words{"set-option",
                                 "-g",
                                 "remain-on-exit",
                                 "on",
                                 ";",
                                 "new-session",
                                 "-d",
                                 "-x",
                                 std::to_string(columns),
                                 "-y",
                                 std::to_string(rows),
                                 "-e",
                                 "LC_ALL=C.UTF-8",
                                 "--"};
  // A shell keeps the exit status, which tmux may miss.
  words.insert(words.end(), {"/bin/sh", "-c", "\"$@\"; echo $? > \"$0\"",
                             (directory_.path() / "status").string()});
  words.insert(words.end(), program.begin(), program.end());
  command(std::move(words));
}

tmux::~tmux() {
  run_program({"/usr/bin/tmux", "-S", (directory_.path() / "socket").string(), "kill-server"});
}

std::string tmux::command(std::vector<std::string> words) {
  std::vector<std::string> all{
      "/usr/bin/tmux", "-u", "-S", (directory_.path() / "socket").string(), "-f", "/dev/null"};
  all.insert(all.end(), words.begin(), words.end());
  const auto out = run_program(std::move(all));
  INFO(out.errors);
  REQUIRE(out.status == 0);
  return out.output;
}

std::string tmux::screen() { return command({"capture-pane", "-p"}); }
std::string tmux::screen_with_spaces() { return command({"capture-pane", "-p", "-N"}); }

std::string tmux::await(const std::function<bool(const std::string& screen)>& fits) {
  const auto give_up = std::chrono::steady_clock::now() + process::patience;
  while (true) {
    auto now = screen();
    if (fits(now)) return now;
    if (std::chrono::steady_clock::now() > give_up) FAIL("it never came. The screen is\n" << now);
    std::this_thread::sleep_for(between_looks);
  }
}

std::string tmux::await(std::string_view words) {
  INFO("awaited: " << words);
  return await([words](const std::string& s) { return contains(s, words); });
}

std::string tmux::await_gone(std::string_view words) {
  INFO("to go: " << words);
  return await([words](const std::string& s) { return !contains(s, words); });
}

void tmux::type(const std::string& text) { command({"send-keys", "-l", "--", text}); }
void tmux::press(const std::string& key) { command({"send-keys", key}); }

void tmux::resize(std::size_t columns, std::size_t rows) {
  command({"resize-window", "-x", std::to_string(columns), "-y", std::to_string(rows)});
}

bool tmux::has_rung() { return command({"display-message", "-p", "#{window_bell_flag}"}) == "1\n"; }

int tmux::status() {
  std::string line;
  await([&](const std::string&) {
    std::ifstream in(directory_.path() / "status");
    return std::getline(in, line) && !in.eof();  // with its line feed: all of it
  });
  return std::stoi(line);
}

}  // namespace wardline::test
