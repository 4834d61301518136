#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "model/history.hpp"

namespace relapse {

/// What one night says of one result. Small, because there may be millions of them.
struct PastResult {
  std::uint32_t night = 0;      ///< in Past::nights
  std::uint32_t signature = 0;  ///< in Past::signatures
  Outcome outcome{};
  bool known = false;
  bool ran = false;
  Duration duration{};
};

/// What the newest night says of a scenario.
struct PastScenario {
  std::string title{};
  Incident incident{};
};

/// Everything before a run that it is compared with: the complete runs of its suite on its targets.
/// Plain data, so that comparing is a function of what is given to it.
struct Past {
  std::vector<RunSummary> nights{};  ///< the oldest first
  std::vector<std::string> signatures{""};
  /// By night. Under the ids of this run: a renamed scenario is followed through its aliases.
  std::map<ResultKey, std::vector<PastResult>> results{};
  std::map<std::string, PastScenario> scenarios{};  ///< under the ids of this run
  std::map<std::string, std::string> renamed{};     ///< earlier id -> the id of this run
  std::map<std::string, std::uint32_t>
      last_seen{};  ///< id as written -> the last night that has it
  std::vector<std::string> unreadable{};
};

/// The name under which runs are comparable: the suite and its targets, with their faults.
std::string comparable_name(const Run& run);

RunSummary summary_of(const Run& run);

/// The run beside its past. Acknowledgements have been applied to the run before.
Comparison compare(const Run& run, const Past& past);

}  // namespace relapse
