#pragma once
#include <string>

#include "history/past.hpp"

namespace relapse {

/// As `relapse history list --json` prints it and the index keeps it.
Json to_json(const RunSummary& summary);
/// What cannot be read is left at its default.
RunSummary summary_from_text(const std::string& text);

/// As `relapse diff --json` prints it.
Json to_json(const Change& change);

/// Title and incident of a scenario, as the index keeps them.
Json past_scenario_json(const PastScenario& scenario);
PastScenario past_scenario_from_text(const std::string& text);

}  // namespace relapse
