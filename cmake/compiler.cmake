# Flags of every target of ours. Libraries of others come in as system headers and are not judged.

find_program(CCACHE ccache)
mark_as_advanced(CCACHE)
if(CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CCACHE}")
endif()

# A compiler newer than ours may be let through by `cmake --compile-no-warning-as-error`.
set(CMAKE_COMPILE_WARNING_AS_ERROR ON)
add_compile_options(-Wall -Wextra -Wpedantic -Wconversion -Wshadow
  $<$<CXX_COMPILER_ID:Clang>:-Wreserved-identifier>)

# -g1 keeps the lines of a backtrace at a third of the size.
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g1 -DNDEBUG")
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # At -O2, g++ 12 takes std::vector's own insert for an overflow (GCC bug 105329 and its kin).
  string(APPEND CMAKE_CXX_FLAGS_RELWITHDEBINFO " -Wno-stringop-overflow -Wno-array-bounds -Wno-restrict")
endif()
# For the sanitizers: optimising takes a third of the build's time, and lets g++ drop what they
# should find. (wardline_common, which computes, has -O1.)
set(CMAKE_CXX_FLAGS_SANITIZE "-O0 -g1 -fno-omit-frame-pointer")

# A gateway reads what strangers send: position-independent, checked, with read-only relocations.
include(CheckPIESupported)
check_pie_supported(LANGUAGES CXX)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
add_compile_options(-fstack-protector-strong)
add_compile_definitions(_GLIBCXX_ASSERTIONS)
add_link_options(-Wl,-z,relro,-z,now)

if(WARDLINE_SANITIZE STREQUAL "address")
  set(sanitizers -fsanitize=address,undefined)
  # clang's `function` check reports Asio's handlers, which are called through erased types.
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    list(APPEND sanitizers -fno-sanitize=function)
  endif()
elseif(WARDLINE_SANITIZE STREQUAL "thread")
  set(sanitizers -fsanitize=thread)
  # TSan does not see fences, g++ says so, and Asio has one for each handler.
  add_compile_options($<$<CXX_COMPILER_ID:GNU>:-Wno-tsan>)
elseif(WARDLINE_SANITIZE)
  message(FATAL_ERROR "WARDLINE_SANITIZE is \"${WARDLINE_SANITIZE}\": use address or thread.")
endif()

if(WARDLINE_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    message(FATAL_ERROR "WARDLINE_FUZZ needs clang: g++ has no -fsanitize=fuzzer. "
      "Use `cmake --preset asan`.")
  endif()
  list(APPEND sanitizers -fsanitize=fuzzer-no-link)
  # Which lines run, for scripts/coverage.sh: a target asks for it by wardline_cover(). A program
  # keeps it to itself unless LLVM_PROFILE_FILE names a file.
  set(coverage -fprofile-instr-generate=/dev/null)
  add_link_options(${coverage})
  # Nothing of this machine's paths, so that ccache may serve one tree what another has compiled.
  list(APPEND coverage -fcoverage-mapping "-fcoverage-prefix-map=${PROJECT_SOURCE_DIR}=."
    -fcoverage-compilation-dir=.)
endif()

# wardline_cover(TARGET): counts which of its lines run, where that is built.
function(wardline_cover target)
  target_compile_options(${target} PRIVATE ${coverage})
endfunction()

if(sanitizers)
  list(APPEND sanitizers -fno-sanitize-recover=all)
  add_compile_options(${sanitizers})
  add_link_options(${sanitizers})
  # The instrumentation makes g++ 12 take variables inside library headers for uninitialised.
  add_compile_options($<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
else()
  # Not under a sanitizer, from which fortified calls hide; they need optimisation to work at all.
  add_compile_options("$<$<NOT:$<CONFIG:Debug>>:-U_FORTIFY_SOURCE;-D_FORTIFY_SOURCE=2>")
endif()
