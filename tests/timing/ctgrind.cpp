// Marks secrets as undefined memory and does with them what the protocol does, under valgrind's
// memcheck, which then complains of every branch and every address that depends on one (A. Langley,
// ctgrind, 2010). What the code declassifies is defined from there on. Run by ctest as
// "timing:ctgrind"; docs/testing.md has the command.
#include <algorithm>
#include <cstdio>
#include <optional>
#include <stdexcept>
#include <string>

#include <valgrind/memcheck.h>

#include "common/crypto/declassify.hpp"
#include "tests/support/counts.hpp"
#include "tests/timing/leaks.hpp"
#include "tests/timing/operations.hpp"

// In the place of the function of common/crypto, which does nothing.
void wardline::crypto::declassify(byte_view now_public) noexcept {
  VALGRIND_MAKE_MEM_DEFINED(now_public.data(), now_public.size());
}

namespace wardline::test {

void mark_secret(byte_span memory) { VALGRIND_MAKE_MEM_UNDEFINED(memory.data(), memory.size()); }
void mark_public(byte_span memory) { VALGRIND_MAKE_MEM_DEFINED(memory.data(), memory.size()); }

bool is_marked(byte_view memory) {
  bytes marks(memory.size());
  VALGRIND_GET_VBITS(memory.data(), marks.data(), marks.size());
  return std::any_of(marks.begin(), marks.end(), [](byte bits) { return bits != 0; });
}

namespace {

// How often memcheck complained while `o` ran; nothing if it did not do what it is for, or if a
// secret was no secret any more at its end: memcheck does not follow one through a look-up.
std::optional<unsigned> complaints(const operation& o) {
  const auto before = VALGRIND_COUNT_ERRORS;
  try {
    o.run();
  } catch (const std::logic_error& e) {
    std::printf("%s\n", e.what());
    return std::nullopt;
  }
  return VALGRIND_COUNT_ERRORS - before;
}

int check_all() {
  int clean = 0;
  int caught = 0;
  int wrong = 0;
  const auto judge = [&](const operation& o, bool should_leak, int& right) {
    const auto found = complaints(o);
    const bool as_it_should = found && (should_leak ? *found != 0 : *found <= o.known);
    ++(as_it_should ? right : wrong);
    std::printf("%-6s %-64s found %u, known %u\n", as_it_should ? "ok" : "WRONG", o.name.c_str(),
                found.value_or(0), o.known);
    std::fflush(stdout);
  };
  std::puts("What depends on secrets and must not leak:");
  for (const auto& o : operations()) judge(o, false, clean);
  std::puts("Leaks on purpose, which must be caught:");
  for (const auto& o : leaks()) judge(o, true, caught);

  count("secret-dependent operations: " + std::to_string(clean) + " operations clean, " +
        std::to_string(caught) + " leaks on purpose caught");
  return wrong == 0 && clean != 0 && caught != 0 ? 0 : 1;
}

}  // namespace
}  // namespace wardline::test

int main() {
  if (RUNNING_ON_VALGRIND == 0) {
    std::fputs(
        "ctgrind: error: this sees nothing unless it runs under valgrind\n"
        "ctgrind: hint: ctest --preset release -R timing:ctgrind\n",
        stderr);
    return 2;
  }
  return wardline::test::check_all();
}
