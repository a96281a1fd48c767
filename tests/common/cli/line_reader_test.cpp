#include "common/cli/line_reader.hpp"

#include <fcntl.h>
#include <fstream>
#include <optional>
#include <poll.h>
#include <unistd.h>
#include <vector>

#include "tests/support/catch.hpp"
#include "tests/support/temporary_directory.hpp"

namespace wardline::cli {
namespace {

// Everything up to the end of the input.
std::vector<std::string> lines_of(line_reader& reader) {
  std::vector<std::string> lines;
  bool is_over = false;
  reader.on_line = [&](std::string line) { lines.push_back(std::move(line)); };
  reader.on_eof = [&] {
    CHECK_FALSE(is_over);
    is_over = true;
  };
  while (!is_over) {
    pollfd ready{reader.descriptor(), POLLIN, 0};
    ::poll(&ready, 1, -1);
    reader.readable();
  }
  reader.readable();
  return lines;
}

class descriptor {
 public:
  explicit descriptor(int fd) : fd_(fd) {}
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  ~descriptor() { ::close(fd_); }
  int get() const { return fd_; }

 private:
  int fd_;
};

std::vector<std::string> lines_in(const std::string& content) {
  const test::temporary_directory at;
  const auto file = at.path() / "input";
  std::ofstream(file, std::ios::binary) << content;
  const descriptor fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  line_reader reader(fd.get());
  return lines_of(reader);
}

}  // namespace

TEST_CASE("a plain file is read line by line, to its end") {
  using lines = std::vector<std::string>;
  CHECK(lines_in("").empty());
  CHECK(lines_in("one\ntwo\n") == lines{"one", "two"});
  CHECK(lines_in("one\n\nlast without end") == lines{"one", "", "last without end"});
  CHECK(lines_in("\n") == lines{""});
}

TEST_CASE("more lines than are kept arrive all the same, in order") {
  std::string content;
  std::vector<std::string> expected;
  for (int i = 0; i < 1000; ++i) {
    expected.push_back("line " + std::to_string(i));
    content += expected.back() + "\n";
  }
  CHECK(lines_in(content) == expected);
}

TEST_CASE("a line without end is cut and does not fill the memory") {
  const auto lines = lines_in(std::string(1'000'000, 'x') + "\nnext\n");
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].size() == line_source::max_line);
  CHECK(lines[1] == "next");
}

TEST_CASE("a closed input is only an end") {
  int ends[2];
  REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
  ::close(ends[1]);
  const descriptor out(ends[0]);
  line_reader reader(out.get());
  CHECK(lines_of(reader).empty());

  const int closed = ::fcntl(ends[0], F_DUPFD_CLOEXEC, 500);  // a number nobody takes
  ::close(closed);
  line_reader none(closed);
  CHECK(lines_of(none).empty());
}

TEST_CASE("a reader can be given up while nothing comes") {
  int ends[2];
  REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
  const descriptor out(ends[0]);
  const descriptor in(ends[1]);
  std::optional<line_reader> reader(std::in_place, out.get());
  reader.reset();

  // Nor while nobody takes what has come.
  reader.emplace(out.get());
  const std::string many(2000, '\n');
  REQUIRE(::write(in.get(), many.data(), many.size()) == 2000);
  reader.reset();
}

}  // namespace wardline::cli
