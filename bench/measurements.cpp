#include "bench/measurements.hpp"

namespace wardline::bench {

const std::vector<measurement>& measurements() {
  static const std::vector<measurement> all{
      // {"name", "What --help says of it", run_name},
  };
  return all;
}

}  // namespace wardline::bench
