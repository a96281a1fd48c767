# Flags of every target of ours. Libraries of others come in as system headers and are not judged.

# A build from a newer compiler can be let through by `cmake --compile-no-warning-as-error`.
set(CMAKE_COMPILE_WARNING_AS_ERROR ON)
add_compile_options(-Wall -Wextra -Wpedantic -Wconversion -Wshadow)

# -g1 keeps the line numbers of a backtrace at a third of the size.
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g1 -DNDEBUG")

# A gateway reads what strangers send: position-independent, checked, with read-only relocations.
include(CheckPIESupported)
check_pie_supported(LANGUAGES CXX)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
add_compile_options(-fstack-protector-strong)
add_compile_definitions(_GLIBCXX_ASSERTIONS)
add_link_options(-Wl,-z,relro,-z,now)

if(WARDLINE_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    message(FATAL_ERROR "WARDLINE_FUZZ needs clang (g++ has no -fsanitize=fuzzer): "
      "cmake --preset fuzz")
  endif()
  # Asio calls handlers through pointers of another type, which clang's `function` check reports.
  set(sanitizers -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize=function)
elseif(WARDLINE_SANITIZE STREQUAL "address")
  set(sanitizers -fsanitize=address,undefined)
elseif(WARDLINE_SANITIZE STREQUAL "thread")
  set(sanitizers -fsanitize=thread)
  # Asio has a fence for each handler; g++ warns that TSan does not see fences.
  add_compile_options(-Wno-tsan)
elseif(WARDLINE_SANITIZE)
  message(FATAL_ERROR "WARDLINE_SANITIZE is \"${WARDLINE_SANITIZE}\": use address or thread")
endif()

if(sanitizers)
  list(APPEND sanitizers -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_compile_options(${sanitizers})
  add_link_options(${sanitizers})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # The instrumentation itself makes g++ 12 report variables in library code as uninitialised.
    add_compile_options(-Wno-maybe-uninitialized)
  endif()
else()
  # Fortified calls hide the real ones from the sanitizers, and need optimisation to work at all.
  add_compile_options("$<$<NOT:$<CONFIG:Debug>>:-U_FORTIFY_SOURCE;-D_FORTIFY_SOURCE=2>")
endif()
