#pragma once
#include <filesystem>
#include <vector>

#include "scenario/check.hpp"

namespace relapse {

/// Reports every ${secret:NAME} that would become an argument of a process: arguments can be read
/// by every user of the machine, in `ps` and /proc. `root` is a target, or a scenario
/// or fragment whose steps are written out.
void check_arguments(const Node& root, const std::vector<VariableUse>& uses,
                     const std::filesystem::path& file, std::vector<Diagnostic>& out);

}  // namespace relapse
