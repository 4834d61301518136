#pragma once
#include <chrono>
#include <string>

#include "base/result.hpp"
#include "process/child.hpp"

namespace relapse {

/// Runs a command to its end on an executor of its own and returns what it printed (the last
/// `keep_lines` lines). An error when it cannot be executed, does not exit with 0, or takes longer
/// than the timeout; the message then holds its last lines. Nothing of it is left running.
Result<std::string> run_to_end(LaunchSpec spec, std::chrono::nanoseconds timeout,
                               std::size_t keep_lines = 12);

}  // namespace relapse
