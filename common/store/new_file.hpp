#pragma once

#include <filesystem>
#include <memory>

#include "common/util/bytes.hpp"

namespace wardline::store {

namespace posix {
class temporary_file;
}

/// A file that is made piece by piece, mode 0600: beside its place until it is whole, so that
/// whoever looks sees all of it or nothing, also after a crash. Throws `store::error`.
class new_file {
 public:
  explicit new_file(std::filesystem::path file);
  new_file(const new_file&) = delete;
  new_file& operator=(const new_file&) = delete;
  ~new_file();

  void write(byte_view content);

  /// On the disk and in its place when this returns. Throws `failure` if there is such a file.
  void finish();

 private:
  std::filesystem::path file_;
  std::unique_ptr<posix::temporary_file> written_;
};

}  // namespace wardline::store
