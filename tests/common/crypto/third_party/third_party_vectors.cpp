#include "tests/common/crypto/third_party/third_party_vectors.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <nlohmann/json.hpp>

#include "tests/support/catch.hpp"
#include "tests/support/counts.hpp"

namespace wardline::test {
namespace {

namespace fs = std::filesystem;

constexpr const char* variable = "WARDLINE_WYCHEPROOF";

}  // namespace

tally::~tally() {
  count("vectors: " + name_ + ": " + std::to_string(cases_) + " cases, " +
        std::to_string(skipped_) + " skipped" + remark_);
}

void tally::absent(const std::string& how_to_get_them) {
  remark_ = " (absent)";
  WARN(name_ << ": skipped, the vectors are absent. " << how_to_get_them);
}

std::unique_ptr<nlohmann::json> wycheproof(const std::string& file, tally& count) {
  const char* const named = std::getenv(variable);
  // The vectors of this project lie in tests/vectors.
  const fs::path beside = fs::path(WARDLINE_VECTORS_DIR) / "../../../shared/vectors/wycheproof";
  const fs::path path = (named == nullptr ? beside : fs::path(named)) / file;
  std::ifstream in(path);
  if (!in && named != nullptr) FAIL(variable << " is set, but there is no " << path.string());
  if (!in) {
    count.absent("Clone https://github.com/C2SP/wycheproof and set " + std::string(variable) +
                 " to its folder testvectors_v1.");
    return nullptr;
  }
  return std::make_unique<nlohmann::json>(nlohmann::json::parse(in));
}

bool is_valid(const nlohmann::json& wycheproof_case) {
  const auto result = wycheproof_case.at("result").get<std::string>();
  if (result != "valid" && result != "invalid") FAIL("an unknown result: " << result);
  return result == "valid";
}

byte_view significant(byte_view integer) noexcept {
  const auto first = std::find_if(integer.begin(), integer.end(), [](byte b) { return b != 0; });
  return integer.subspan(static_cast<std::size_t>(first - integer.begin()));
}

}  // namespace wardline::test
