#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace wardline::doctor::audit {

/// A file of lines, mode 0600, that is only added to. What could not be written wholly is written
/// again in its place. Throws `failure`.
class mirror {
 public:
  enum class mode {
    make_or_open,
    open,  ///< for reading only, as long as it is then
  };
  mirror(std::filesystem::path file, mode how);
  mirror(const mirror&) = delete;
  mirror& operator=(const mirror&) = delete;
  ~mirror();

  /// True if the file goes on with these lines. False at the end of the file, where what is there
  /// of the lines (after a crash) will be replaced; `differs` says then if it is something else.
  bool goes_on_with(std::string_view lines);
  bool differs() const noexcept { return differs_; }
  /// True if these lines are among the last `size` bytes, at the beginning of a line; then what
  /// lies before them counts as compared, unseen, and they come next. Only before anything else.
  bool skip_to(std::string_view lines, std::uint64_t size);

  /// True if there is something behind what has been compared or added.
  bool has_more() const;

  /// Behind what has been compared or added.
  void add(std::string_view lines);

 private:
  std::filesystem::path file_;
  int fd_;
  std::uint64_t end_ = 0;   // what is behind it is not looked at
  std::uint64_t size_ = 0;  // of what has been compared or added
  std::string ahead_;       // what has been read from `ahead_at_` on
  std::uint64_t ahead_at_ = 0;
  bool differs_ = false;
};

}  // namespace wardline::doctor::audit
