#include "doctor/last_address.hpp"

#include <fstream>

#include "common/store/file.hpp"
#include "common/util/error.hpp"

namespace wardline::doctor {

namespace {
constexpr std::size_t longest = 300;
}

void keep_last_address(const std::filesystem::path& directory, const std::string& address) {
  store::replace_file(directory / "listen", as_bytes(address + "\n"));
}

std::optional<net::address> last_address(const std::filesystem::path& directory) {
  std::ifstream in(directory / "listen", std::ios::binary);
  std::string text(longest, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (text.empty() || text.back() != '\n') return std::nullopt;
  text.pop_back();
  try {
    return net::parse_address(text);
  } catch (const failure&) {
    return std::nullopt;
  }
}

}  // namespace wardline::doctor
