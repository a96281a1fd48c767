#pragma once

#include <string>
#include <sys/types.h>
#include <vector>

#include "common/util/bytes.hpp"

namespace wardline::test {

/// A secret that a test knows.
struct known_secret {
  std::string name;
  bytes value;  ///< 16 bytes at least
};

/// All memory that a process may write: heap, stacks and data, as a core image has it. The process
/// must be a child of ours, and is held while it is read.
class memory_image {
 public:
  explicit memory_image(pid_t process);

  /// The names of those of which any 16 bytes (at a multiple of 8 of the secret) are there, in
  /// either byte order, with where: a part gives the rest away, and large numbers are kept from
  /// their lower end.
  std::vector<std::string> find(const std::vector<known_secret>& secrets) const;

 private:
  struct region {
    std::string name;
    bytes content;
  };
  std::vector<region> regions_;
};

}  // namespace wardline::test
