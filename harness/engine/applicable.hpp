#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "model/scenario.hpp"
#include "model/target.hpp"

namespace relapse {

/// Why this scenario cannot be replayed on this target; nothing when it can. Such a scenario is
/// reported as skipped with these words, never left out in silence.
/// The plane that a scenario is replayed on: the one asked for, or else the one it needs, or else
/// the wire if the target is there.
Plane plane_for(const Scenario& scenario, const Target& target, std::optional<Plane> asked);

std::optional<std::string> skip_reason(const Scenario& scenario, const Target& target,
                                       Plane plane = Plane::wire);

/// The most connections that are open at once when the steps go as they are written.
int connections_at_once(const std::vector<Step>& steps);

/// Nothing is sent to a host that is neither loopback nor allowed by the target file or by name
/// here.
Result<void> check_host_allowed(const Target& target, const std::vector<std::string>& also_allowed);

/// The fault by name; an error with a suggestion when the target does not declare it.
Result<const Fault*> find_fault(const Target& target, const std::string& name);

}  // namespace relapse
