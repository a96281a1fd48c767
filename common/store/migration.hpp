#pragma once

#include <string_view>

namespace wardline::store {

class database;

/// Leads from one schema to the next: `sql`, and `then` what SQL cannot decide. All of it is one
/// transaction, in which rows may refer to what is not there yet; at its end it must be there.
///
/// One that was released is never changed: of a file with its number nobody would know any more
/// what is in it.
struct migration {
  std::string_view sql;
  void (*then)(database&) = nullptr;
};

}  // namespace wardline::store
