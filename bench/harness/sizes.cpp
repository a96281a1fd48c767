#include "bench/harness/sizes.hpp"

#include <utility>

#include <fmt/format.h>

#include "bench/harness/file_limit.hpp"
#include "bench/report/number.hpp"

namespace wardline::bench {

std::vector<std::size_t> sizes_that_fit(const settings& how, std::vector<std::size_t> full,
                                        std::vector<std::size_t> quick, std::size_t sockets,
                                        report& out) {
  auto wanted = how.quick ? std::move(quick) : std::move(full);
  if (!how.patients.empty()) wanted = how.patients;
  std::vector<std::size_t> fitting;
  for (const auto patients : wanted) {
    const auto needed = patients * sockets + other_files;
    const auto had = raise_file_limit(needed);
    if (had >= needed) {
      fitting.push_back(patients);
    } else {
      out.remark(
          fmt::format("{} patients need {} open files, and {} is the limit (ulimit -n): "
                      "left out",
                      count_text(patients), count_text(needed), count_text(had)));
    }
  }
  return fitting;
}

}  // namespace wardline::bench
