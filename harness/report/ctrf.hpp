#pragma once
#include <string>

#include "model/history.hpp"

namespace relapse {

/// The run as a report in the Common Test Report Format (ctrf.io), version 0.0.0: relapsed is
/// "failed", flaky "passed" with `flaky`, inconclusive "other", skipped and known relapses
/// "skipped"; `rawStatus` has our own word. What the format has no place for is under `extra`.
/// Integers are milliseconds.
std::string ctrf_json(const Run& run, const Comparison& comparison = {});

}  // namespace relapse
