#pragma once
#include <vector>

#include "cli/commands.hpp"
#include "engine/examine.hpp"

namespace relapse {

/// What can be said without a target: the settings, the scenario files and their proofs, whether
/// reports can be written.
std::vector<Symptom> examine_files(const CommandContext& context);

/// What a target file asks of this machine: its programs, its interpreter, a free port.
std::vector<Symptom> examine_machine(const Target& target);

}  // namespace relapse
