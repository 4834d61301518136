# Compiler options shared by every C++20 target of the harness.
add_library(relapse_options INTERFACE)
target_compile_features(relapse_options INTERFACE cxx_std_20)
target_include_directories(relapse_options INTERFACE ${CMAKE_SOURCE_DIR}/harness)
if(RELAPSE_SANITIZE)
  target_compile_options(relapse_options INTERFACE -fsanitize=${RELAPSE_SANITIZE}
                                                   -fno-omit-frame-pointer)
  target_link_options(relapse_options INTERFACE -fsanitize=${RELAPSE_SANITIZE})
endif()
find_program(RELAPSE_LLD_PATH ld.lld)
if(RELAPSE_LLD AND RELAPSE_LLD_PATH)
  target_link_options(relapse_options INTERFACE -fuse-ld=lld)
endif()

add_library(relapse_warnings INTERFACE)
target_compile_options(relapse_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast
  -Wnon-virtual-dtor -Woverloaded-virtual -Wsuggest-override -Wformat=2
  -Wimplicit-fallthrough -Wextra-semi
  $<$<CXX_COMPILER_ID:GNU>:-Wduplicated-cond;-Wduplicated-branches;-Wlogical-op;-Wuseless-cast>
  # g++ 12 pairs the coroutine frame's new and delete wrongly when it optimises.
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<NOT:$<CONFIG:Debug>>>:-Wno-mismatched-new-delete>
  $<$<BOOL:${RELAPSE_WERROR}>:-Werror>)

# One layer of the harness: a static library of its own, so that a layer that reaches for
# something outside its declared dependencies does not link.
#   relapse_layer(NAME SOURCES a.cpp ... DEPENDS relapse_x ... [TESTS a.test.cpp ...]
#                 [TEST_DEPENDS target ...])
function(relapse_layer name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS;TESTS;TEST_DEPENDS" ${ARGN})
  add_library(relapse_${name} STATIC ${ARG_SOURCES})
  target_link_libraries(relapse_${name} PUBLIC relapse_options ${ARG_DEPENDS}
                                        PRIVATE relapse_warnings)
  if(RELAPSE_TESTS AND ARG_TESTS)
    add_executable(${name}_tests ${ARG_TESTS})
    target_link_libraries(${name}_tests PRIVATE relapse_${name} ${ARG_TEST_DEPENDS}
                                                relapse_warnings relapse_catch2)
    relapse_discover_tests(${name}_tests)
  endif()
endfunction()
