#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tests/common/crypto/third_party/third_party_vectors.hpp"

namespace wardline::test {

/// One test of a file of Crypto++'s own vectors: each field of its section as it stood last when
/// the test came. The format is in Readme.txt beside the files.
class cryptopp_case {
 public:
  explicit cryptopp_case(std::map<std::string, std::string> fields) : fields_(std::move(fields)) {}

  /// As it is written; empty if the field is not there.
  std::string text(const std::string& field) const;

  /// The bytes that it stands for: "text", hexadecimal, and "r7 x" for seven times x, one after the
  /// other. The test fails if it is none of these.
  bytes value(const std::string& field) const;

 private:
  std::map<std::string, std::string> fields_;
};

/// The tests of a file that Debian's package libcrypto++-utils has; nothing, which `count` has then
/// told, if that is not installed.
std::optional<std::vector<cryptopp_case>> cryptopp_vectors(const std::string& file, tally& count);

}  // namespace wardline::test
