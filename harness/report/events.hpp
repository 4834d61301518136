#pragma once
#include <string>

#include "model/history.hpp"

namespace relapse {

/// What `run --json` writes on standard output while it runs: one JSON object a line (NDJSON), each
/// with "format": "relapse-events", "version": 1 and "event". A reader ignores events and keys that
/// it does not know; what is there keeps its meaning within a version.
///
///   run_started   run, targets, planned; the id may be unknown yet
///   result        one result as it comes; "done" counts them
///   run_finished  verdict, exit code, totals, changes since the baseline
///
/// Every line ends in a newline and holds no other.
std::string event_run_started(const Run& run, std::size_t planned);
std::string event_result(const ScenarioResult& result, std::size_t done, std::size_t planned);
/// `exit` is what the process exits with, which may be more than exit_code(run) knows.
std::string event_run_finished(const Run& run, const Comparison& comparison, int exit);

}  // namespace relapse
