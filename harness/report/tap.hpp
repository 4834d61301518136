#pragma once
#include <string>

#include "model/history.hpp"

namespace relapse {

/// The run as TAP version 14: a point for every target, with a subtest of its results. A known
/// relapse is a failing TODO, which does not fail the run; flaky is ok, with the attempt that
/// relapsed in its diagnostics; inconclusive is not ok. A run of which nothing ran, or that was
/// interrupted, ends in "Bail out!", so that it is never green.
std::string tap(const Run& run, const Comparison& comparison = {});

/// Safe text as a description or reason: "\" and "#" are escaped.
std::string tap_escape(std::string_view text);

}  // namespace relapse
