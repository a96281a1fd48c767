#pragma once

#include <string>
#include <vector>

#include "common/crypto/random.hpp"

namespace wardline::test {

/// The system's randomness, of which each piece is written to a file, so that a test knows what a
/// program has drawn. The program keeps no copy.
class recorded_random final : public crypto::random_source {
 public:
  /// Appends to `path`.
  explicit recorded_random(const std::string& path);
  recorded_random(const recorded_random&) = delete;
  recorded_random& operator=(const recorded_random&) = delete;
  ~recorded_random() override;

  void fill(byte_span out) override;

  /// What was written so far, piece by piece.
  static std::vector<bytes> read(const std::string& path);

 private:
  crypto::system_random random_;
  int file_;
};

}  // namespace wardline::test
