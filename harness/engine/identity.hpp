#pragma once
#include <string>

#include "base/result.hpp"
#include "model/target.hpp"
#include "model/timeline.hpp"

namespace relapse {

/// The question of a target's identity, asked like a probe.
Probe identity_probe(const Identity& identity);

/// What the answer in this timeline of the probe calls the target: the value at the pointer. An
/// uptime must be a number, or the text of one.
Result<std::string> read_identity(const Identity& identity, const Timeline& timeline);

}  // namespace relapse
