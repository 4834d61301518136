# Catch2 v3 when it is installed, else v2 (Debian 12 has 2.13). tests/catch.hpp hides the
# difference in header names.
find_package(Catch2 3 QUIET)
if(NOT Catch2_FOUND)
  find_package(Catch2 2 REQUIRED)
endif()
include(Catch)
add_library(relapse_catch2 INTERFACE)
target_link_libraries(relapse_catch2 INTERFACE Catch2::Catch2WithMain)
target_compile_definitions(relapse_catch2 INTERFACE
  RELAPSE_CATCH2_MAJOR=$<IF:$<VERSION_GREATER_EQUAL:${Catch2_VERSION},3>,3,2>
  RELAPSE_SOURCE_DIR="${CMAKE_SOURCE_DIR}"
  RELAPSE_BINARY_DIR="${CMAKE_BINARY_DIR}")
target_include_directories(relapse_catch2 INTERFACE ${CMAKE_SOURCE_DIR}/harness/tests)

function(relapse_discover_tests target)
  catch_discover_tests(${target} TEST_PREFIX "${target}: "
                       PROPERTIES LABELS unit TIMEOUT 120)
endfunction()
