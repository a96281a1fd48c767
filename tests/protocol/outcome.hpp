#pragma once

#include <string_view>

#include "common/util/error.hpp"

namespace wardline::test {

/// How it ended, by the name that the vectors use: "ok", "invalid_tag", ...
template <class T>
std::string_view outcome(const result<T>& r) {
  return name(r ? errc::ok : to_errc(r.error()));
}

}  // namespace wardline::test
