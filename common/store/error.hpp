#pragma once

#include <string>

#include "common/util/error.hpp"

namespace wardline::store {

/// Why the store failed, as far as a caller can act on it.
enum class error_kind {
  full,        ///< no space left (or a quota): the command failed, nothing half-done remains
  read_only,   ///< the file or its file system does not take writes
  corrupt,     ///< the file is damaged, or not a database of ours
  busy,        ///< another process holds it
  constraint,  ///< a rule of the schema forbids it (a key that exists already)
  other,
};

/// A failure of the database or of a file beside it. The statement that threw has changed nothing,
/// and the transaction around it is rolled back when its `transaction` is destroyed.
class error : public failure {
 public:
  error(error_kind kind, const std::string& what, std::string hint = {})
      : failure(what, std::move(hint)), kind_(kind) {}

  error_kind kind() const noexcept { return kind_; }

 private:
  error_kind kind_;
};

}  // namespace wardline::store
