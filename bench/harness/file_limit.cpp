#include "bench/harness/file_limit.hpp"

#include <algorithm>
#include <limits>
#include <sys/resource.h>

namespace wardline::bench {

std::size_t raise_file_limit(std::size_t needed) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
  if (limit.rlim_cur < needed) {
    rlimit wanted{std::max<rlim_t>(limit.rlim_cur, std::min<rlim_t>(limit.rlim_max, needed)),
                  std::max<rlim_t>(limit.rlim_max, needed)};
    // Above the hard limit only root may go.
    if (wanted.rlim_max > limit.rlim_max) wanted.rlim_cur = wanted.rlim_max;
    if (::setrlimit(RLIMIT_NOFILE, &wanted) != 0) {
      wanted = {std::min<rlim_t>(limit.rlim_max, needed), limit.rlim_max};
      ::setrlimit(RLIMIT_NOFILE, &wanted);
    }
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
  }
  return std::min<rlim_t>(limit.rlim_cur, std::numeric_limits<std::size_t>::max());
}

}  // namespace wardline::bench
