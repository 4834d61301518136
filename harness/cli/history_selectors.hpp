#pragma once
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "cli/commands.hpp"
#include "cli/inputs.hpp"
#include "model/scenario.hpp"

namespace relapse {

/// select_scenarios, and besides: `failed@RUN`, what did not hold in a stored run, and
/// `changed@RUN`, what was not as in the run before it. RUN is an id or "last". What has left the
/// library since is left out.
Result<std::vector<Scenario>> select_with_history(const CommandContext& context,
                                                  const std::vector<Scenario>& all,
                                                  std::span<const std::string> selectors);

/// --rerun: asks for what did not hold in that run, on the targets where it did not unless targets
/// are named. Nothing is asked for when everything held: `selectors` stays empty.
Result<void> ask_for_rerun(const CommandContext& context, const std::string& run,
                           InputRequest& request);

}  // namespace relapse
