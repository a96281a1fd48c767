#pragma once

#include <cstddef>
#include <vector>

#include "bench/report/report.hpp"
#include "bench/settings.hpp"

namespace wardline::bench {

/// The numbers of patients to be measured: those of the command line, or `quick`, or `full`. Those
/// for which the limit of open files cannot be raised (`sockets` for each patient in this process)
/// are left out, with a remark.
std::vector<std::size_t> sizes_that_fit(const settings& how, std::vector<std::size_t> full,
                                        std::vector<std::size_t> quick, std::size_t sockets,
                                        report& out);

}  // namespace wardline::bench
