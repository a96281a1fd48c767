#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bench/report/statistics.hpp"

namespace wardline::bench {

/// Whose rows are ours: every other contestant is compared with this one.
inline constexpr std::string_view ours = "Wardline";

/// What was measured. Two rows that differ in nothing but `who` are a comparison.
struct subject {
  std::string table;                ///< the subcommand: "primitives", "handshake", ...
  std::string group;                ///< "ffdhe3072", ...; empty where none matters
  std::string what;                 ///< "signature", "seal", "last delivery", ...
  std::optional<std::size_t> size;  ///< what the cost depends on, if anything
  std::string size_unit;            ///< "B", "patients", "members", "bit"; empty without a size
  std::string unit;                 ///< of the samples: "µs", "ms", "1/s", "B"

  bool operator==(const subject&) const = default;
};

struct row {
  subject of;
  std::string who;  ///< "Wardline", "Crypto++", "OpenSSL", "libsodium", "mosquitto TLS", ...
  std::vector<double> samples;  ///< in the order of measurement; never empty
};

/// ours / theirs, of one subject: the median of the ratios of samples taken beside each other.
struct ratio {
  subject of;
  std::string to;
  summary value;
};

/// What a run has measured, and what it could not.
class report {
 public:
  /// A row without samples is left out: nothing is shown that was not measured.
  void add(row r);
  /// One line for the reader: what was left out and why, or what a figure rests on.
  void remark(std::string text);

  const std::vector<row>& rows() const noexcept { return rows_; }
  const std::vector<std::string>& remarks() const noexcept { return remarks_; }
  std::vector<ratio> ratios() const;

 private:
  std::vector<row> rows_;
  std::vector<std::string> remarks_;
};

}  // namespace wardline::bench
