#pragma once

namespace wardline::protocol {

/// Work that takes milliseconds (exponentiations): the machine hands it out, its owner runs it
/// wherever it likes, once, and gives it back by `computed`. It touches nothing that others change.
class computation {
 public:
  virtual ~computation() = default;
  virtual void run() noexcept = 0;
};

}  // namespace wardline::protocol
