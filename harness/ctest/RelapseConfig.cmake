# find_package(Relapse): the function relapse_add_scenarios of an installed relapse.
include("${CMAKE_CURRENT_LIST_DIR}/RelapseTests.cmake")
