#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "drive/secrets.hpp"
#include "engine/interrupt.hpp"
#include "model/run.hpp"
#include "model/scenario.hpp"
#include "model/target.hpp"

namespace relapse {

struct TargetRunOptions {
  const Fault* fault = nullptr;
  std::string fault_name;
  /// Replays that did not hold are repeated alone on a fresh target, this often.
  int retries = 1;
  /// Also repeat relapses (to find the culprit of a shared target); proofs need no second look.
  bool confirm_relapses = true;
  Plane plane = Plane::wire;
  std::optional<Repeat> repeat{};  ///< takes the place of every scenario's own
  /// Called on this thread before the first replay of a scenario.
  std::function<void(const Scenario&)> on_start{};
  /// Called on this thread with each result as it is ready, once, although a later scenario may
  /// still show that an earlier one spoilt the target.
  std::function<void(const ScenarioResult&)> on_result;
  Interrupt* interrupt = nullptr;
  std::shared_ptr<Vault> vault{};  ///< what the run must not write; may be null
};

struct TargetRun {
  TargetInfo info;
  std::vector<ScenarioResult> results;  ///< in the order of the scenarios
};

/// Replays the scenarios on one plane of one target, in this thread, on an executor of its own.
/// Scenarios that do not launch the target themselves share one process; whoever does not hold
/// there is replayed alone on a fresh one. When it holds there, whoever spoilt the process for it
/// is looked for and relapses in its place (blame.hpp).
TargetRun run_on_target(const Target& target, const std::vector<const Scenario*>& scenarios,
                        const TargetRunOptions& options);

/// The same on the plane that is asked for, or on the one that each scenario needs: first those of
/// the wire, then those of the ASGI plane. The results stand in the order of the scenarios.
TargetRun run_on_planes(const Target& target, const std::vector<const Scenario*>& scenarios,
                        const TargetRunOptions& options, std::optional<Plane> asked);

}  // namespace relapse
