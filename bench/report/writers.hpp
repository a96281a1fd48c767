#pragma once

#include <string>

#include "bench/report/environment.hpp"
#include "bench/report/report.hpp"

namespace wardline::bench {

/// For a person: a table for each subcommand, contestants below each other, the remarks at the end.
std::string to_text(const report& r, const environment& env);

/// One object: "command", "environment" {name: text}, "rows" [{table, group, what, size, size_unit,
/// who, unit, median, p10, p90, n}], "ratios" [{table, group, what, size, size_unit, of, to, unit,
/// median, p10, p90, n}], "remarks" [text]. A size that there is not is null; a ratio has unit "1".
std::string to_json(const report& r, const environment& env, const std::string& command);

/// The rows and, with "Wardline / NAME" for a name, the ratios, under one line of headings
/// (RFC 4180).
std::string to_csv(const report& r);

}  // namespace wardline::bench
