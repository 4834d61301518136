#pragma once
#include <sys/types.h>

#include <string>

#include "base/result.hpp"
#include "process/child.hpp"
#include "process/unique_fd.hpp"

namespace relapse {

/// A supervisor that was started; whether it could execute the target is for it to report.
struct Spawned {
  UniqueFd channel;  ///< the harness's end, see process/protocol.hpp; non-blocking
  UniqueFd output;   ///< read end of the target's stdout and stderr; non-blocking
  pid_t supervisor = 0;
};

/// Starts the supervisor in a process group of its own, so that a Ctrl-C meant for the harness does
/// not reach it. It inherits standard error and nothing else.
Result<Spawned> spawn_supervisor(const LaunchSpec& spec);

}  // namespace relapse
