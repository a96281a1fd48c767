#pragma once

#include <functional>
#include <string>
#include <vector>

#include "common/util/bytes.hpp"

namespace wardline::test {

/// Something that is done with secrets.
struct operation {
  std::string name;
  std::function<void()> run;
  unsigned known = 0;  ///< what may be found, since a library does it and it tells nothing
};

/// What the product does with secrets, each with secrets that mark_secret() has marked.
std::vector<operation> operations();

/// Marks memory as secret, and as known to everybody. Defined by the program that watches.
void mark_secret(byte_span memory);
void mark_public(byte_span memory);

/// False if all of it has become public: then whatever made it was not watched.
bool is_marked(byte_view memory);

}  // namespace wardline::test
