# Scenarios as tests of a project of your own:
#
#   list(APPEND CMAKE_MODULE_PATH /where/relapse/is/harness/ctest)   # from a checkout
#   include(RelapseTests)
#   find_package(Relapse)                                            # or installed
#
#   enable_testing()
#   relapse_add_scenarios(
#     SCENARIOS_DIR tests/scenarios     # the folder with the scenario files
#     TARGET tests/staging.json         # target files, or names; several: ID@TARGET is a test
#     [SELECTORS lifecycle/* tag:auth]  # all scenarios when absent
#     [TARGETS_DIR dir]                 # where names are looked up: SCENARIOS_DIR/../fixtures/targets
#     [PREFIX relapse.]                 # of the tests' names
#     [LABELS nightly]                  # beside "relapse" and the tags of each scenario
#     [TIMEOUT 120]                     # seconds, for one scenario
#     [RESOURCE_LOCK staging]           # scenarios that share a target which is not launched
#     [ARGUMENTS --fault x --repeat 3]) # further arguments of `relapse run`
#
# Every scenario is a test of its own. They are looked up when ctest runs, not when the project is
# configured: a scenario that was added or removed is seen at once.
#
#   relapse run says     the test
#   0 holds              passes
#   1, 3, anything else  fails: a fix that does not hold, and what could not be judged
#   4 nothing ran        is skipped: the target lacks what the scenario needs
#
# A scenario file with errors makes a test "PREFIX(scenario files)" fail, and so does a selection
# that selects nothing. (As everywhere, nothing is sent while a file has errors: the others fail too.)

include_guard(GLOBAL)

set(RELAPSE_CTEST_DIR "${CMAKE_CURRENT_LIST_DIR}" CACHE INTERNAL "")

# The binary: of the same build, beside an installed module, on the PATH, or the script of the
# checkout, which builds it first.
function(relapse_find_executable result)
  if(TARGET relapse)
    set(${result} "$<TARGET_FILE:relapse>" PARENT_SCOPE)
    return()
  endif()
  find_program(RELAPSE_EXECUTABLE NAMES relapse
               HINTS "${RELAPSE_CTEST_DIR}/../../../bin" "${RELAPSE_CTEST_DIR}/../../../../bin"
                     "${RELAPSE_CTEST_DIR}/.."
               DOC "The relapse binary")
  if(NOT RELAPSE_EXECUTABLE)
    message(FATAL_ERROR "relapse is not found; set RELAPSE_EXECUTABLE to its path")
  endif()
  set(${result} "${RELAPSE_EXECUTABLE}" PARENT_SCOPE)
endfunction()

# A target as `relapse run -t` takes it from any working directory.
function(relapse_target_file target targets_dir result)
  get_filename_component(path "${target}" ABSOLUTE BASE_DIR "${CMAKE_CURRENT_SOURCE_DIR}")
  if(NOT target MATCHES "\\.json$")
    get_filename_component(path "${targets_dir}/${target}.json" ABSOLUTE BASE_DIR
                           "${CMAKE_CURRENT_SOURCE_DIR}")
  endif()
  if(NOT EXISTS "${path}")
    message(FATAL_ERROR "relapse_add_scenarios: no target file ${path}")
  endif()
  set(${result} "${path}" PARENT_SCOPE)
endfunction()

function(relapse_add_scenarios)
  cmake_parse_arguments(PARSE_ARGV 0 ARG "" "SCENARIOS_DIR;TARGETS_DIR;PREFIX;TIMEOUT;RESOURCE_LOCK"
                        "TARGET;SELECTORS;LABELS;ARGUMENTS")
  if(ARG_UNPARSED_ARGUMENTS OR NOT ARG_SCENARIOS_DIR OR NOT ARG_TARGET)
    message(FATAL_ERROR "relapse_add_scenarios(SCENARIOS_DIR dir TARGET target ...): see "
                        "${RELAPSE_CTEST_DIR}/RelapseTests.cmake (not understood: "
                        "\"${ARG_UNPARSED_ARGUMENTS}\")")
  endif()
  get_filename_component(scenarios "${ARG_SCENARIOS_DIR}" ABSOLUTE BASE_DIR
                         "${CMAKE_CURRENT_SOURCE_DIR}")
  if(NOT IS_DIRECTORY "${scenarios}")
    message(FATAL_ERROR "relapse_add_scenarios: no folder ${scenarios}")
  endif()
  if(NOT ARG_TARGETS_DIR)
    set(ARG_TARGETS_DIR "${scenarios}/../fixtures/targets")
  endif()
  if(NOT DEFINED ARG_PREFIX)
    set(ARG_PREFIX "relapse.")
  endif()
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  set(target_names "")
  set(target_files "")
  foreach(target IN LISTS ARG_TARGET)
    relapse_target_file("${target}" "${ARG_TARGETS_DIR}" path)
    get_filename_component(name "${path}" NAME_WLE)
    list(APPEND target_names "${name}")
    list(APPEND target_files "${path}")
  endforeach()

  # A home of its own for every call: `relapse -C` wants a folder that holds "scenarios".
  get_property(calls DIRECTORY PROPERTY RELAPSE_CALLS)
  math(EXPR calls "${calls} + 1")
  set_property(DIRECTORY PROPERTY RELAPSE_CALLS ${calls})
  set(home "${CMAKE_CURRENT_BINARY_DIR}/relapse/${calls}")
  file(MAKE_DIRECTORY "${home}")
  file(REMOVE "${home}/scenarios")
  file(CREATE_LINK "${scenarios}" "${home}/scenarios" SYMBOLIC)

  relapse_find_executable(executable)
  set(cmake "${CMAKE_COMMAND}")  # which ctest does not know
  foreach(name IN ITEMS cmake executable home target_names target_files ARG_SELECTORS ARG_PREFIX ARG_LABELS
                        ARG_TIMEOUT ARG_RESOURCE_LOCK ARG_ARGUMENTS)
    string(APPEND settings "set(RELAPSE_${name} [==[${${name}}]==])\n")
  endforeach()
  # With a configuration in its name: the binary may differ between them.
  get_property(several GLOBAL PROPERTY GENERATOR_IS_MULTI_CONFIG)
  set(suffix "")
  if(several)
    set(suffix "-$<CONFIG>")
  endif()
  file(GENERATE OUTPUT "${home}/tests${suffix}.cmake" CONTENT
       "${settings}include([==[${RELAPSE_CTEST_DIR}/RelapseDiscover.cmake]==])\n")
  if(several)
    file(WRITE "${home}/tests.cmake"
         "include([==[${home}/tests-]==]\${CTEST_CONFIGURATION_TYPE}.cmake)\n")
  endif()
  set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES "${home}/tests.cmake")
endfunction()
