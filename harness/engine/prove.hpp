#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "drive/secrets.hpp"
#include "engine/interrupt.hpp"
#include "model/proof.hpp"
#include "model/run.hpp"
#include "model/scenario.hpp"
#include "model/target.hpp"

namespace relapse {

struct ProveOptions {
  std::optional<Plane> plane{};  ///< absent: the one that each scenario needs
  /// Also replay, with each fault, the scenarios that do not name it: they must hold. A scenario
  /// that relapses on somebody else's fault blames the wrong thing.
  bool exact = false;
  /// Each scenario with each fault on one of the targets only, shared out evenly: sees that every
  /// claim can fail, in a part of the time.
  bool once = false;
  int jobs = 2;
  std::function<void(const std::string& scenario, const ProofRecord&)> on_record;
  Interrupt* interrupt = nullptr;
  std::shared_ptr<Vault> vault{};  ///< what must not be written; may be null
};

/// A scenario that did not hold although it does not name the fault that was on.
struct Bystander {
  std::string scenario;
  std::string target;
  std::string fault;
  Outcome outcome{};
  std::string reason;
};

struct ProveReport {
  std::vector<Proof> proofs;  ///< one per scenario that has a proof section
  std::vector<Bystander> bystanders;
  std::vector<std::string> unproved;  ///< they apply, but no target declares a fault that they name
  int elsewhere = 0;                  ///< scenarios that apply to none of these targets
};

/// Each scenario on each target that declares a fault it names: first as it is (must hold), then
/// with that fault (must relapse, through the claim that it names).
ProveReport prove(const std::vector<Scenario>& scenarios, const std::vector<Target>& targets,
                  const ProveOptions& options);

/// The rule: what the two replays amount to.
ProofRecord judge_proof(const ProofEntry& entry, const ScenarioResult& fixed,
                        const ScenarioResult& broken);

}  // namespace relapse
