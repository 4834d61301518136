#pragma once
// One include for tests, whichever Catch2 was found.
#if RELAPSE_CATCH2_MAJOR >= 3
#include <catch2/catch_all.hpp>
#else
#include <catch2/catch.hpp>
#endif
