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

struct RunOptions {
  std::string fault;  ///< switched on in every target; empty: none
  int retries = 1;
  std::optional<Plane> plane{};    ///< absent: the one that each scenario needs
  std::optional<Repeat> repeat{};  ///< takes the place of every scenario's own
  int jobs = 2;                    ///< targets at a time
  std::vector<std::string> command;
  /// Called before the first replay of a scenario on a target; like on_result, calls do not
  /// overlap.
  std::function<void(const Scenario&, const Target&)> on_start{};
  /// Called with each result as it is ready; calls do not overlap.
  std::function<void(const ScenarioResult&)> on_result;
  Interrupt* interrupt = nullptr;
  /// What must not be written, from the command line; the run adds what its targets use. A new one
  /// when null.
  std::shared_ptr<Vault> vault{};
};

/// Every scenario on every target. Targets run side by side, each in a thread of its own; the
/// order of the results does not depend on that.
Result<Run> run_all(const std::vector<Scenario>& scenarios, const std::vector<Target>& targets,
                    const RunOptions& options);

/// Calls task(0) ... task(count - 1), at most `jobs` at a time; returns when all are done. The
/// first exception is thrown again here.
void for_each_parallel(std::size_t count, int jobs, const std::function<void(std::size_t)>& task);

inline constexpr const char* harness_version = "0.1.0";

}  // namespace relapse
