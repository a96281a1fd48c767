// What is configured: any command line of either program, one argument a line, and the texts that
// people write in them. A mistake ends in words, and what is accepted keeps its meaning.
#include "doctor/command_line.hpp"

#include <vector>

#include "common/cli/guard.hpp"
#include "common/cli/time_text.hpp"
#include "doctor/audit/known_head.hpp"
#include "doctor/audit/since.hpp"
#include "patient/command_line.hpp"
#include "tests/fuzz/support/input.hpp"

using namespace wardline;
using fuzz::must;

namespace {

template <class Parse>
void parse(const char* program, std::string_view lines, const Parse& parse) {
  std::vector<std::string> words{program};
  for (std::size_t end = 0; words.size() < 16 && !lines.empty(); lines.remove_prefix(end)) {
    end = std::min(lines.find('\n'), lines.size());
    // What the kernel passes on ends at a zero.
    words.emplace_back(lines.substr(0, std::min(end, lines.find('\0'))));
    if (end < lines.size()) ++end;
  }
  std::vector<const char*> arguments;
  for (const auto& word : words) arguments.push_back(word.c_str());
  try {
    parse(static_cast<int>(arguments.size()), arguments.data());
  } catch (const failure& why) {
    must(*why.what() != '\0', "a mistake is told in words");
  }
}

void doctors(int argc, const char* const* argv) {
  doctor::command_line out;
  const auto status = doctor::parse_command_line(argc, argv, out);
  if (status) return must(*status >= 0 && *status <= cli::wrong_usage, "an exit status is one");
  // The same request as the control socket would take.
  if (out.request) {
    const auto line = doctor::control::to_line(*out.request);
    must(doctor::control::to_line(doctor::control::from_line(line)) == line,
         "a command that the command line makes is one that the gateway reads");
  }
}

void texts(std::string_view text) {
  try {
    const auto a = net::parse_address(text);
    must(net::parse_address(net::address_text(a)) == a, "an address keeps its meaning");
  } catch (const failure&) {
  }
  try {
    const auto d = cli::parse_duration(text, seconds{1}, seconds{86'400});
    must(d >= seconds{1} && d <= seconds{86'400}, "a duration lies within its bounds");
  } catch (const failure&) {
  }
  try {
    (void)doctor::audit::since_from(text, 1'790'000'000'000);
  } catch (const failure&) {
  }
  if (const auto head = doctor::audit::known_head(text)) {
    must(doctor::audit::known_head(doctor::audit::to_text(*head)) == head,
         "a head keeps its meaning");
  }
  (void)crypto::is_fingerprint_text(text);
}

}  // namespace

WARDLINE_FUZZ_TARGET(in) {
  const auto which = in.below(3);
  const auto text = as_text(in.rest());
  if (which == 0) return parse("doctor", text, doctors);
  if (which == 1)
    return parse("patient", text, [](int argc, const char* const* argv) {
      (void)patient::parse_command_line(argc, argv);
    });
  texts(text);
}
