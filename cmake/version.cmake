# common/util/version.hpp, from project(VERSION) and, inside a git checkout, its commit.
set(WARDLINE_GENERATED_DIR "${PROJECT_BINARY_DIR}/generated")

set(WARDLINE_COMMIT "")
find_package(Git QUIET)
if(Git_FOUND AND EXISTS "${PROJECT_SOURCE_DIR}/.git")
  execute_process(
    COMMAND "${GIT_EXECUTABLE}" rev-parse --short=12 HEAD
    WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}"
    OUTPUT_VARIABLE WARDLINE_COMMIT OUTPUT_STRIP_TRAILING_WHITESPACE
    RESULT_VARIABLE status ERROR_QUIET)
  if(NOT status EQUAL 0)
    set(WARDLINE_COMMIT "")
  endif()
  # Written by every commit and checkout, so that the header never names an older one.
  if(EXISTS "${PROJECT_SOURCE_DIR}/.git/logs/HEAD")
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
      "${PROJECT_SOURCE_DIR}/.git/logs/HEAD")
  endif()
endif()

configure_file("${PROJECT_SOURCE_DIR}/common/util/version.hpp.in"
  "${WARDLINE_GENERATED_DIR}/common/util/version.hpp" @ONLY)
