#include "engine/prove.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <set>

#include "base/clock.hpp"
#include "engine/applicable.hpp"
#include "engine/run_all.hpp"
#include "engine/target_run.hpp"
#include "model/claim_names.hpp"

namespace relapse {
namespace {

using Selected = std::vector<const Scenario*>;
using Results = std::map<std::string, ScenarioResult>;

const ProofEntry* entry_for(const Scenario& scenario, const std::string& fault) {
  for (const ProofEntry& entry : scenario.proof) {
    if (entry.fault == fault) {
      return &entry;
    }
  }
  return nullptr;
}

/// What one target can prove: which scenarios, under which of its faults.
struct Work {
  const Target* target = nullptr;
  Selected applicable;
  std::map<std::string, Selected> by_fault;
};

/// A scenario that relapses here whatever we do proves nothing here.
bool expected_to_relapse(const Scenario& scenario, const Target& target) {
  return std::any_of(target.known.begin(), target.known.end(),
                     [&](const Known& known) { return known.scenario == scenario.id; });
}

/// Another command or other arguments are for the process that the target's own server runs in.
bool shows_on(Plane plane, const Fault& fault) {
  return plane == Plane::wire || (!fault.command && fault.args.empty());
}

Work plan_work(const Target& target, const std::vector<Scenario>& scenarios,
               std::optional<Plane> asked) {
  Work work;
  work.target = &target;
  for (const Scenario& scenario : scenarios) {
    const Plane plane = plane_for(scenario, target, asked);
    if (skip_reason(scenario, target, plane) || expected_to_relapse(scenario, target)) {
      continue;
    }
    work.applicable.push_back(&scenario);
    for (const auto& [name, fault] : target.faults) {
      if (entry_for(scenario, name) != nullptr && !fault.unseen_by.contains(scenario.id) &&
          shows_on(plane, fault)) {
        work.by_fault[name].push_back(&scenario);
      }
    }
  }
  return work;
}

/// Leaves each scenario and fault to the target that has the least to do so far.
void share_out(std::vector<Work>& work) {
  using Pair = std::pair<const Scenario*, std::string>;
  std::map<Pair, std::vector<std::size_t>> able;
  for (std::size_t i = 0; i < work.size(); ++i) {
    for (const auto& [fault, scenarios] : work[i].by_fault) {
      for (const Scenario* scenario : scenarios) {
        able[{scenario, fault}].push_back(i);
      }
    }
    work[i].by_fault.clear();
  }
  std::vector<std::size_t> load(work.size());
  for (const auto& [pair, targets] : able) {
    const std::size_t least = *std::min_element(targets.begin(), targets.end(),
                                                [&](auto a, auto b) { return load[a] < load[b]; });
    ++load[least];
    work[least].by_fault[pair.second].push_back(pair.first);
  }
}

Results replay(const Target& target, const Selected& scenarios, const std::string& fault,
               bool confirm, const ProveOptions& asked) {
  TargetRunOptions options;
  if (!fault.empty()) {
    options.fault = &target.faults.at(fault);
    options.fault_name = fault;
  }
  options.confirm_relapses = confirm;
  options.interrupt = asked.interrupt;
  options.vault = asked.vault;
  Results results;
  for (ScenarioResult& result : run_on_planes(target, scenarios, options, asked.plane).results) {
    results.emplace(result.scenario, std::move(result));
  }
  return results;
}

/// Collects what the targets' threads find.
class Collector {
 public:
  Collector(ProveReport& report, const ProveOptions& options)
      : report_(report), options_(options) {}

  void add(const Scenario& scenario, ProofRecord record) {
    const std::scoped_lock lock(mutex_);
    if (options_.on_record) {
      options_.on_record(scenario.id, record);
    }
    records_[scenario.id].push_back(std::move(record));
  }
  void add(Bystander bystander) {
    const std::scoped_lock lock(mutex_);
    report_.bystanders.push_back(std::move(bystander));
  }
  std::vector<ProofRecord> take(const std::string& scenario) {
    auto records = std::move(records_[scenario]);
    std::sort(records.begin(), records.end(), [](const ProofRecord& a, const ProofRecord& b) {
      return std::tie(a.target, a.fault) < std::tie(b.target, b.fault);
    });
    return records;
  }

 private:
  ProveReport& report_;
  const ProveOptions& options_;
  std::mutex mutex_;
  std::map<std::string, std::vector<ProofRecord>> records_;
};

void prove_on_target(const Work& work, const ProveOptions& options, Collector& collector) {
  std::set<const Scenario*> named;
  for (const auto& [fault, scenarios] : work.by_fault) {
    named.insert(scenarios.begin(), scenarios.end());
  }
  Selected fixed_first;
  std::copy_if(work.applicable.begin(), work.applicable.end(), std::back_inserter(fixed_first),
               [&](const Scenario* scenario) { return named.contains(scenario); });
  Results fixed = replay(*work.target, fixed_first, "", true, options);
  for (const auto& [fault, scenarios] : work.by_fault) {
    if (options.interrupt != nullptr && options.interrupt->requested()) {
      return;
    }
    Results broken = replay(*work.target, scenarios, fault, false, options);
    for (const Scenario* scenario : scenarios) {
      ProofRecord record = judge_proof(*entry_for(*scenario, fault), fixed.at(scenario->id),
                                       broken.at(scenario->id));
      record.target = work.target->id;
      record.fault = fault;
      collector.add(*scenario, std::move(record));
    }
    if (!options.exact) {
      continue;
    }
    Selected others;
    std::copy_if(work.applicable.begin(), work.applicable.end(), std::back_inserter(others),
                 [&](const Scenario* scenario) {
                   return !entry_for(*scenario, fault) ||
                          work.target->faults.at(fault).unseen_by.contains(scenario->id);
                 });
    for (auto& [id, result] : replay(*work.target, others, fault, true, options)) {
      if (result.outcome != Outcome::holds && !result.known) {
        collector.add(Bystander{id, work.target->id, fault, result.outcome, result.reason});
      }
    }
  }
}

}  // namespace

ProofRecord judge_proof(const ProofEntry& entry, const ScenarioResult& fixed,
                        const ScenarioResult& broken) {
  ProofRecord record;
  record.fault = entry.fault;
  if (fixed.outcome == Outcome::relapsed || fixed.outcome == Outcome::flaky) {
    record.result = ProofResult::fails_when_fixed;
    record.detail = fixed.reason;
    return record;
  }
  if (fixed.outcome != Outcome::holds) {
    record.result = ProofResult::inconclusive;
    record.detail = "without the fault: " + fixed.reason;
    return record;
  }
  if (broken.outcome == Outcome::holds) {
    record.result = ProofResult::misses;
    record.detail = "it holds although the fault is on";
    return record;
  }
  if (broken.outcome != Outcome::relapsed) {
    record.result = ProofResult::inconclusive;
    record.detail = "with the fault: " + broken.reason;
    return record;
  }
  // A sweep may relapse through another claim at each point.
  std::vector<std::string> claims;
  for (const Attempt& attempt : broken.attempts) {
    const auto relapsed = attempt.verdict.relapsed_claims();
    claims.insert(claims.end(), relapsed.begin(), relapsed.end());
  }
  const bool right = entry.claim.empty() ||
                     std::any_of(claims.begin(), claims.end(), [&](const std::string& claim) {
                       return names_claim(entry.claim, claim);
                     });
  record.result = right ? ProofResult::discriminates : ProofResult::misses;
  record.claim = entry.claim.empty() && !claims.empty() ? claims.front() : entry.claim;
  record.detail = right ? broken.reason
                        : "it relapses, but not through \"" + entry.claim + "\": " + broken.reason;
  return record;
}

ProveReport prove(const std::vector<Scenario>& scenarios, const std::vector<Target>& targets,
                  const ProveOptions& options) {
  ProveReport report;
  std::vector<Work> work;
  for (const Target& target : targets) {
    work.push_back(plan_work(target, scenarios, options.plane));
  }
  if (options.once) {
    share_out(work);
  }
  Collector collector(report, options);
  for_each_parallel(work.size(), options.jobs,
                    [&](std::size_t i) { prove_on_target(work[i], options, collector); });
  const std::string today = utc_timestamp(std::chrono::system_clock::now()).substr(0, 10);
  for (const Scenario& scenario : scenarios) {
    Proof proof{scenario.id, scenario.digest, today, collector.take(scenario.id)};
    const bool applies = std::any_of(work.begin(), work.end(), [&](const Work& one) {
      return std::find(one.applicable.begin(), one.applicable.end(), &scenario) !=
             one.applicable.end();
    });
    if (proof.records.empty() && applies) {
      report.unproved.push_back(scenario.id);
    } else if (proof.records.empty()) {
      ++report.elsewhere;
    } else {
      report.proofs.push_back(std::move(proof));
    }
  }
  return report;
}

}  // namespace relapse
