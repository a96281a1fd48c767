#include "tests/system/watched.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

#include "tests/support/catch.hpp"
#include "tests/support/counts.hpp"
#include "tests/support/session_line.hpp"

namespace wardline::test {

crypto::identity_seed seed_in(const std::string& data_directory) {
  std::ifstream file(data_directory + "/identity.seed", std::ios::binary);
  const bytes seed{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  REQUIRE(seed.size() == crypto::identity_seed::size);
  return crypto::identity_seed(byte_view(seed).first<crypto::identity_seed::size>());
}

std::vector<std::string> what_stays(pid_t program, const std::vector<known_secret>& secrets,
                                    const std::function<void()>& ask) {
  // What a program does at the end of a connection it has begun before it says so, and done before
  // it has answered a few questions more.
  constexpr int questions = 5;
  std::vector<std::string> found;
  for (int i = 0; i < questions; ++i) {
    found = memory_image(program).find(secrets);
    if (found.empty()) break;
    ask();
  }
  count("secrets in memory: " + std::to_string(secrets.size()) +
        " secrets searched for in 1 images");
  return found;
}

bool is_among(const std::vector<std::string>& found, const std::string& name) {
  return std::any_of(found.begin(), found.end(),
                     [&](const auto& line) { return line.starts_with(name + " at "); });
}

bool is_among(const std::vector<known_secret>& secrets, const std::string& name) {
  return std::any_of(secrets.begin(), secrets.end(),
                     [&](const auto& secret) { return secret.name == name; });
}

std::string joined(const std::vector<std::string>& lines) {
  std::string out;
  for (const auto& line : lines) out += line + "\n";
  return out;
}

byte_view last_of(protocol::frame_type type, const std::vector<bytes>& frames) {
  const auto found = std::find_if(frames.rbegin(), frames.rend(),
                                  [&](const auto& whole) { return type_of(whole) == type; });
  return found == frames.rend() ? byte_view() : byte_view(*found);
}

}  // namespace wardline::test
