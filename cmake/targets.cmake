# Folders are the modules: which target a file belongs to is said by where it lies and nowhere
# else. So the sources are globbed, and CONFIGURE_DEPENDS makes the build look again each time;
# a list kept by hand could only ever disagree with the folders.
function(wardline_glob result)
  list(TRANSFORM ARGN PREPEND "${PROJECT_SOURCE_DIR}/" OUTPUT_VARIABLE folders)
  list(TRANSFORM folders APPEND "/*.cpp" OUTPUT_VARIABLE patterns)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${patterns})
  set(${result} ${sources} PARENT_SCOPE)
endfunction()

# wardline_library(NAME SOURCES ... [PUBLIC ...] [PRIVATE ...])
# A static library; one without sources is an interface, so that what links to it can be written
# once for both.
function(wardline_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;PUBLIC;PRIVATE")
  if(arg_SOURCES)
    add_library(${name} STATIC ${arg_SOURCES})
    target_include_directories(${name} PUBLIC "${PROJECT_SOURCE_DIR}" "${WARDLINE_GENERATED_DIR}")
    target_link_libraries(${name} PUBLIC ${arg_PUBLIC} PRIVATE ${arg_PRIVATE})
  else()
    add_library(${name} INTERFACE)
    target_include_directories(${name} INTERFACE "${PROJECT_SOURCE_DIR}" "${WARDLINE_GENERATED_DIR}")
    target_link_libraries(${name} INTERFACE ${arg_PUBLIC} ${arg_PRIVATE})
  endif()
  string(REPLACE "wardline_" "wardline::" alias ${name})
  add_library(${alias} ALIAS ${name})
endfunction()

# wardline_program(NAME FOLDER LIBRARY): the folder's main.cpp over the library of the rest.
function(wardline_program name folder library)
  if(EXISTS "${PROJECT_SOURCE_DIR}/${folder}/main.cpp")
    add_executable(${name} "${PROJECT_SOURCE_DIR}/${folder}/main.cpp")
    target_link_libraries(${name} PRIVATE ${library})
    install(TARGETS ${name} RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
  endif()
endfunction()
