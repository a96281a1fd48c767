#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "common/store/error.hpp"
#include "common/util/bytes.hpp"
#include "common/util/fixed_bytes.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace wardline::store {

/// The row that a query stands on. Columns count from 0. Types are checked, not converted: a column
/// of another type, or a number or size that does not fit, is `error_kind::corrupt`.
class row {
 public:
  /// `T`: any integer type, bool, std::string, bytes, byte_array<N>, fixed_bytes, std::optional of
  /// these for columns that may be NULL, or std::string_view and byte_view, which live as long as
  /// the statement stands on this row.
  template <class T>
  T get(int column) const {
    if constexpr (is_optional<T>::value) {
      if (is_null(column)) return std::nullopt;
      return get<typename T::value_type>(column);
    } else if constexpr (std::same_as<T, bool>) {
      return integer(column) != 0;
    } else if constexpr (std::integral<T>) {
      const std::int64_t value = integer(column);
      if (!std::in_range<T>(value)) refuse(column, "the number is out of range");
      return static_cast<T>(value);
    } else if constexpr (std::same_as<T, std::string_view>) {
      return text(column);
    } else if constexpr (std::same_as<T, std::string>) {
      return std::string(text(column));
    } else if constexpr (std::same_as<T, byte_view>) {
      return blob(column);
    } else if constexpr (std::same_as<T, bytes>) {
      return to_bytes(blob(column));
    } else {
      return exact<T>(blob(column), column);
    }
  }

  bool is_null(int column) const;

 private:
  friend class statement;
  explicit row(sqlite3_stmt* handle) noexcept : handle_(handle) {}

  template <class T>
  struct is_optional : std::false_type {};
  template <class T>
  struct is_optional<std::optional<T>> : std::true_type {};

  template <class T>
  T exact(byte_view data, int column) const {
    T out{};
    byte_span to;
    if constexpr (requires { out.value; }) {
      to = out.value;
    } else {
      to = out;
    }
    if (data.size() != to.size()) refuse(column, "the size is wrong");
    std::copy(data.begin(), data.end(), to.begin());
    return out;
  }

  std::int64_t integer(int column) const;
  std::string_view text(int column) const;
  byte_view blob(int column) const;
  [[noreturn]] void refuse(int column, const char* why) const;

  sqlite3_stmt* handle_;
};

/// A statement, compiled once and run any number of times:
///
///     insert.bind(id, now).run();
///     auto name = find.bind(id).first([](const row& r) { return r.get<std::string>(0); });
///
/// Whatever happens, it is reset afterwards and holds no lock. Errors are `store::error`.
class statement {
 public:
  statement(statement&&) noexcept;
  statement& operator=(statement&&) noexcept;
  ~statement();

  /// All parameters, in order; as many as the statement has. Each may be an integer (at most
  /// 2^63 - 1), a bool, text, bytes, fixed_bytes, nullptr or std::nullopt for NULL, or an optional
  /// of these. The values are copied.
  template <class... Values>
  statement& bind(const Values&... values) {
    begin_binding(static_cast<int>(sizeof...(values)));
    int position = 0;
    (bind_at(++position, values), ...);
    return *this;
  }

  /// Runs it to the end. Rows that it yields are ignored.
  void run();

  /// What `read` makes of the first row, or nothing if there is none.
  template <class Read>
  auto first(Read&& read) -> std::optional<std::invoke_result_t<Read&, const row&>> {
    const reset_guard guard{*this};
    if (!step()) return std::nullopt;
    return read(row(handle_.get()));
  }

  /// `visit` for each row. It must not run this same statement.
  template <class Visit>
  void each(Visit&& visit) {
    const reset_guard guard{*this};
    while (step()) visit(row(handle_.get()));
  }

 private:
  friend class database;
  struct finalizer {
    void operator()(sqlite3_stmt* handle) const noexcept;
  };
  struct reset_guard {
    statement& self;
    ~reset_guard() { self.reset(); }
  };

  statement(sqlite3* db, std::string_view sql);

  template <class T>
  void bind_at(int position, const T& value) {
    if constexpr (std::same_as<T, std::nullptr_t> || std::same_as<T, std::nullopt_t>) {
      bind_null(position);
    } else if constexpr (row::is_optional<T>::value) {
      if (value) {
        bind_at(position, *value);
      } else {
        bind_null(position);
      }
    } else if constexpr (std::same_as<T, bool>) {
      bind_integer(position, value ? 1 : 0);
    } else if constexpr (std::integral<T>) {
      if (!std::in_range<std::int64_t>(value)) refuse_number();
      bind_integer(position, static_cast<std::int64_t>(value));
    } else if constexpr (std::convertible_to<const T&, std::string_view>) {
      bind_text(position, value);
    } else if constexpr (requires { byte_view(value.value); }) {
      bind_blob(position, value.value);
    } else {
      bind_blob(position, byte_view(value));
    }
  }

  void begin_binding(int count);
  void bind_null(int position);
  void bind_integer(int position, std::int64_t value);
  void bind_text(int position, std::string_view value);
  void bind_blob(int position, byte_view value);
  [[noreturn]] static void refuse_number();
  bool step();
  void reset() noexcept;

  std::unique_ptr<sqlite3_stmt, finalizer> handle_;
};

}  // namespace wardline::store
