#include "doctor/doctors_beside.hpp"

#include <set>

#include "common/crypto/identity.hpp"

namespace wardline::doctor {

namespace fs = std::filesystem;

std::string doctors_beside(const fs::path& directory) {
  constexpr std::size_t most = 10;
  std::set<std::string> ids;
  std::error_code ec;
  for (fs::directory_iterator i(directory.parent_path(), ec), end; !ec && i != end;
       i.increment(ec)) {
    const auto name = i->path().filename().string();
    std::error_code ignored;
    if (crypto::is_valid_id(name) && fs::exists(i->path() / "identity.json", ignored))
      ids.insert(name);
    if (ids.size() == most) break;
  }
  std::string out;
  for (const auto& id : ids) out += (out.empty() ? "" : ", ") + id;
  return out;
}

}  // namespace wardline::doctor
