#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "common/util/bytes.hpp"

/// Test vectors that others have made and that are not kept in this tree. A test that finds none
/// says so, with how to get them, and passes.
namespace wardline::test {

/// Counts the cases of one collection. At its end it counts (counts.hpp)
///
///     vectors: NAME: N cases, M skipped
///
/// Skipped is what asks for something that this
/// program does not have, such as another key size.
class tally {
 public:
  explicit tally(std::string name) : name_(std::move(name)) {}
  tally(const tally&) = delete;
  tally& operator=(const tally&) = delete;
  ~tally();

  void run() noexcept { ++cases_; }
  void skip(std::size_t cases = 1) noexcept { skipped_ += cases; }
  std::size_t total() const noexcept { return cases_ + skipped_; }

  /// There are no vectors: a warning that says how to get them, and a line that counts none.
  void absent(const std::string& how_to_get_them);

 private:
  std::string name_;
  std::size_t cases_ = 0;
  std::size_t skipped_ = 0;
  std::string remark_;
};

/// A file of C2SP/wycheproof, folder testvectors_v1, from the directory that the environment
/// variable WARDLINE_WYCHEPROOF names, otherwise from ../shared/vectors/wycheproof beside this
/// tree. Nothing, which `count` has then told, if that directory does not have it; if the variable
/// names one that does not, the test fails.
std::unique_ptr<nlohmann::json> wycheproof(const std::string& file, tally& count);

/// What a case says of itself. The test fails if that is neither "valid" nor "invalid".
bool is_valid(const nlohmann::json& wycheproof_case);

/// A big-endian integer without zeros in front; of zero nothing is left.
byte_view significant(byte_view integer) noexcept;

}  // namespace wardline::test
