#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "common/crypto/identity.hpp"
#include "doctor/audit/record.hpp"

/// The lines of an export, read strictly: each has one form only, the one that `to_line` and
/// `export_header` write, so that no byte can be changed without a meaning. Nothing for any other.
namespace wardline::doctor::audit {

/// {"wardline_audit":1,"doctor" (the encoded Identity, hexadecimal),"fingerprint"}
std::string export_header(const crypto::identity& doctor);
std::optional<crypto::identity> doctor_of_header(const std::string& line);

std::optional<record> record_of_line(const std::string& line);
std::optional<checkpoint> checkpoint_of_line(const std::string& line);

/// A file line by line. Throws `failure` if it cannot be read.
class line_file {
 public:
  explicit line_file(std::filesystem::path file);

  /// False at the end. A line that is longer than any of an export, or that the end cuts off, comes
  /// as an empty one.
  bool next(std::string& line);

  /// Nine texts of 1,024 bytes, each of which may take six; a hash, two numbers, the names.
  static constexpr std::size_t max_line = 65'536;

 private:
  struct closer {
    void operator()(std::FILE* f) const noexcept { std::fclose(f); }
  };
  std::filesystem::path file_;
  std::unique_ptr<std::FILE, closer> in_;
};

}  // namespace wardline::doctor::audit
