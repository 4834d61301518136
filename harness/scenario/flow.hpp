#pragma once
#include <filesystem>
#include <vector>

#include "scenario/check.hpp"
#include "scenario/steps_view.hpp"

namespace relapse {

/// What the keys of a scenario mean together: steps that cannot be reached, names that nobody
/// declared, claims that could never be false. Faults on purpose are none of its business.
std::vector<Diagnostic> check_scenario_flow(const Node& root, const CheckResult& tree,
                                            const std::filesystem::path& file,
                                            const std::vector<StepMeta>& metas);

/// The same for a fragment by itself, which knows its parameters and nothing of who uses it.
std::vector<Diagnostic> check_fragment_flow(const Node& root, const CheckResult& tree,
                                            const std::filesystem::path& file,
                                            const std::vector<StepMeta>& metas);

/// The same for a target file: its probes' steps, its tokens, what needs a launch command.
std::vector<Diagnostic> check_target_flow(const Node& root, const CheckResult& tree,
                                          const std::filesystem::path& file);

}  // namespace relapse
