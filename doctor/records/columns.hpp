#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/crypto/identity.hpp"
#include "common/crypto/sealed_column.hpp"
#include "common/store/database.hpp"
#include "common/util/clock.hpp"

/// How values lie in the columns of the records.
namespace wardline::doctor::column {

/// A time or a limit. SQLite's integers end at 2^63 - 1, a peer's do not: they are held there.
constexpr std::int64_t clamped(std::uint64_t x) noexcept {
  return x > INT64_MAX ? INT64_MAX : static_cast<std::int64_t>(x);
}

/// A deadline; NULL for UINT64_MAX, which never comes.
constexpr std::optional<std::int64_t> of_deadline(unix_ms t) noexcept {
  if (t == UINT64_MAX) return std::nullopt;
  return clamped(t);
}

inline unix_ms deadline(const store::row& r, int at) {
  return r.get<std::optional<unix_ms>>(at).value_or(UINT64_MAX);
}

/// The Identity in a cell of the row of `patient_id`; throws as `refuse` does unless it is theirs.
crypto::identity identity(const store::database& db, const store::row& r, int at,
                          std::string_view patient_id);

/// Throws store::error (corrupt): "the database FILE is damaged: WHY".
[[noreturn]] void refuse(const store::database& db, const std::string& why);

/// The value of a sealed cell. Throws as above unless it was sealed in this column for `row_key`.
secret_bytes open(const store::database& db, crypto::sealed_column& sealed, byte_view row_key,
                  byte_view cell, std::string_view what);

}  // namespace wardline::doctor::column
