#include <algorithm>
#include <cstdlib>
#include <fcntl.h>
#include <string>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include <nlohmann/json.hpp>

#include "common/cli/event_writer.hpp"
#include "common/cli/logger.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/thrown.hpp"

namespace wardline::cli {
namespace {

struct pipe_ends {
  pipe_ends() {
    int ends[2];
    REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
    out = ends[0];
    in = ends[1];
  }
  pipe_ends(const pipe_ends&) = delete;
  pipe_ends& operator=(const pipe_ends&) = delete;
  ~pipe_ends() {
    close_in();
    if (out >= 0) ::close(out);
  }
  void close_in() {
    if (in >= 0) ::close(in);
    in = -1;
  }
  std::string read_all() {
    close_in();
    return read(SIZE_MAX);
  }
  std::string read(std::size_t most) {
    std::string all;
    char piece[4096];
    while (all.size() < most) {
      const ssize_t n = ::read(out, piece, std::min(sizeof piece, most - all.size()));
      if (n <= 0) break;
      all.append(piece, static_cast<std::size_t>(n));
    }
    return all;
  }

  int out = -1;
  int in = -1;
};

class fixed_clock final : public clock {
 public:
  unix_ms now() const override { return 1'773'480'413'589; }
  std::chrono::steady_clock::time_point steady() const override { return {}; }
};

}  // namespace

TEST_CASE("an event is one line, in the order given, written at once") {
  pipe_ends p;
  event_writer events(p.in);
  events.write({{"event", "listening"}, {"address", "127.0.0.1:1"}, {"a", "x\ny"}});
  const std::string expected = R"({"event":"listening","address":"127.0.0.1:1","a":"x\ny"})"
                               "\n";
  CHECK(p.read(expected.size()) == expected);
}

TEST_CASE("bytes that are not UTF-8 do not break an event") {
  CHECK(json_line({{"text", "a\xff z"}}) == "{\"text\":\"a\xef\xbf\xbd z\"}");
}

TEST_CASE("many lines at once are written in pieces of whole lines") {
  int ends[2];
  REQUIRE(::pipe2(ends, O_CLOEXEC | O_DIRECT) == 0);  // what is written at once is read at once
  line_writer out(ends[1]);
  const std::string line(70, 'x');
  constexpr std::size_t lines = 200;
  out.write_all(std::vector<std::string_view>(lines, line));
  std::size_t pieces = 0;
  std::size_t seen = 0;
  char piece[8192];
  while (seen < lines * (line.size() + 1)) {
    const ssize_t n = ::read(ends[0], piece, sizeof piece);
    REQUIRE(n > 0);
    CHECK(piece[n - 1] == '\n');
    seen += static_cast<std::size_t>(n);
    ++pieces;
  }
  CHECK(pieces == 4);  // of 4,096 bytes at most
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST_CASE("a reader that does not read holds nobody up and misses nothing") {
  pipe_ends p;
  const std::string line(1000, 'x');
  constexpr std::size_t lines = 1000;  // many times what a pipe holds
  std::string got;
  {
    line_writer out(p.in);
    for (std::size_t i = 0; i < lines; ++i) out.write(line);
    got = p.read(lines * (line.size() + 1));
    CHECK(out.dropped() == 0);
  }
  got += p.read_all();
  std::string expected;
  for (std::size_t i = 0; i < lines; ++i) expected += line + "\n";
  CHECK(got == expected);
}

TEST_CASE("beyond the bound lines are dropped whole, and counted") {
  pipe_ends p;
  line_writer out(p.in, 200'000);
  const std::string line(1000, 'x');
  for (int i = 0; i < 1000; ++i) out.write(line);
  CHECK(out.dropped() > 500);
  const auto kept = 1000 - out.dropped();
  const std::string got = p.read(kept * (line.size() + 1));
  CHECK(got.size() == kept * (line.size() + 1));
  CHECK(got.back() == '\n');
}

TEST_CASE("a reader that is gone does no harm") {
  pipe_ends p;
  line_writer out(p.in);
  ::close(p.out);
  p.out = -1;
  out.write("into the void");
  out.write("again");
  CHECK(out.dropped() == 0);
}

TEST_CASE("lines of several threads do not mix") {
  pipe_ends p;
  std::string got;
  {
    line_writer out(p.in);
    std::vector<std::thread> writers;
    for (char c = 'a'; c < 'e'; ++c) {
      writers.emplace_back([&out, c] {
        for (int i = 0; i < 100; ++i) out.write(std::string(500, c));
      });
    }
    for (auto& w : writers) w.join();
    got = p.read(4 * 100 * 501);
  }
  REQUIRE(got.size() == 4 * 100 * 501);
  for (std::size_t i = 0; i < got.size(); i += 501) {
    REQUIRE(got.substr(i, 501) == std::string(500, got[i]) + "\n");
  }
}

TEST_CASE("a log line has time and level, and cannot be forged") {
  std::vector<std::string> lines;
  const fixed_clock now;
  const logger log([&](std::string_view line) { lines.emplace_back(line); }, now);
  log.warning("id \"a\nb\x1b[31m\xe2\x80\xaex\"");
  REQUIRE(lines.size() == 1);
  CHECK(lines[0] == "2026-03-14T09:26:53.589Z warning: id \"a b\xef\xbf\xbd[31m\xef\xbf\xbdx\"");
}

TEST_CASE("a log line as JSON is one object with time, level, text and what the event has") {
  std::vector<std::string> lines;
  const fixed_clock now;
  const logger log([&](std::string_view line) { lines.emplace_back(line); }, now, log_level::info,
                   log_format::json);
  log.log(log_level::error, "a\nb\x1b \xff", {{"event", "trouble"}, {"connection", 7}});
  log.info("x");
  REQUIRE(lines.size() == 2);
  CHECK(lines[0] == R"({"time":"2026-03-14T09:26:53.589Z","level":"error","text":"a b)"
                    "\xef\xbf\xbd \xef\xbf\xbd"
                    R"(","event":"trouble","connection":7})");
  CHECK(lines[1] == R"({"time":"2026-03-14T09:26:53.589Z","level":"info","text":"x"})");
}

TEST_CASE("the journal is told the level, and has the time itself") {
  std::vector<std::string> lines;
  const fixed_clock now;
  const logger log([&](std::string_view line) { lines.emplace_back(line); }, now, log_level::debug,
                   log_format::journal);
  log.error("a\n<7>b");
  log.warning("c");
  log.info("d");
  log.debug("e");
  CHECK(lines == std::vector<std::string>{"<3>a <7>b", "<4>c", "<6>d", "<7>e"});
}

TEST_CASE("the journal is known by its stream") {
  const pipe_ends p;
  struct stat about {};
  REQUIRE(::fstat(p.in, &about) == 0);
  const auto stream = std::to_string(about.st_dev) + ":" + std::to_string(about.st_ino);
  ::setenv("JOURNAL_STREAM", stream.c_str(), 1);
  CHECK(leads_to_journal(p.in));
  CHECK_FALSE(leads_to_journal(STDERR_FILENO));
  ::unsetenv("JOURNAL_STREAM");
  CHECK_FALSE(leads_to_journal(p.in));
}

TEST_CASE("what is less serious than the threshold is left out") {
  int count = 0;
  const fixed_clock now;
  const logger log([&](std::string_view) { ++count; }, now, log_level::warning);
  log.error("x");
  log.warning("x");
  log.info("x");
  log.debug("x");
  CHECK(count == 2);
  CHECK(log_level_of("debug") == log_level::debug);
  CHECK(log_level_of("loud") == std::nullopt);
}

}  // namespace wardline::cli
