#include "common/cli/person.hpp"

#include <cerrno>
#include <cstring>
#include <optional>
#include <unistd.h>

#include "common/util/error.hpp"
#include "common/util/text_encoding.hpp"

namespace wardline::cli {
namespace {

constexpr std::size_t longest_line = 4096;
constexpr auto white = " \t\r\n";

void write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = ::write(descriptor, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return;  // a terminal that is gone: the question that follows says so
    text.remove_prefix(static_cast<std::size_t>(n));
  }
}

/// Nothing at the end of what there is.
std::optional<std::string> line_of(int descriptor) {
  std::string out;
  char c = 0;
  while (true) {
    const ssize_t n = ::read(descriptor, &c, 1);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && errno != EIO) {
      throw failure(std::string("standard input cannot be read: ") + std::strerror(errno));
    }
    if (n <= 0) return out.empty() ? std::nullopt : std::optional(trimmed(out));
    if (c == '\n') return trimmed(out);
    if (out.size() == longest_line) throw failure("a line has more than 4096 bytes");
    out.push_back(c);
  }
}

}  // namespace

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(white);
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(white) - first + 1);
}

std::string read_line(int descriptor) { return line_of(descriptor).value_or(""); }

void person_at_terminal::tell(const std::string& text) {
  write_all(descriptor_, printable(text) + "\n");
}

std::string person_at_terminal::ask(const std::string& prompt) {
  write_all(descriptor_, printable(prompt));
  auto line = line_of(descriptor_);
  if (!line) {
    write_all(descriptor_, "\n");
    throw failure("no answer was given", "Begin again; nothing has been made so far.");
  }
  return std::move(*line);
}

}  // namespace wardline::cli
