#include "engine/target_run.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <exception>

#include "engine/applicable.hpp"
#include "engine/target_runner.hpp"
#include "engine/worktree.hpp"

namespace relapse {
namespace {

TargetRun run_here(const Target& target, const std::vector<const Scenario*>& scenarios,
                   const TargetRunOptions& options) {
  asio::io_context context(1);
  TargetRunner runner(context.get_executor(), target, options);
  std::exception_ptr failure;
  asio::co_spawn(context, runner.run(scenarios), [&failure, &runner](std::exception_ptr thrown) {
    failure = thrown;
    runner.close();
  });
  int registration = 0;
  if (options.interrupt != nullptr) {
    registration = options.interrupt->add(
        [&context, &runner] { asio::post(context, [&runner] { runner.abort(); }); });
  }
  context.run();
  if (options.interrupt != nullptr) {
    options.interrupt->remove(registration);
  }
  if (failure) {
    std::rethrow_exception(failure);
  }
  TargetRun run;
  // A launched target has another port each time: there is no address to tell.
  const std::string address = target.launch ? "" : target.address;
  run.info = {target.id, target.title, address, runner.version(), options.fault_name};
  const auto parsed = parse_address(target.address);
  run.info.tls_unverified =
      options.plane == Plane::wire && parsed && parsed->tls() && !target.tls.verify;
  for (const Scenario* scenario : scenarios) {
    ScenarioResult& result = runner.results()[scenario->id];
    if (result.attempts.empty() && result.outcome != Outcome::skipped) {
      const std::string why = options.interrupt == nullptr ? "" : options.interrupt->why();
      result.reason = "not run: " + (why.empty() ? "interrupted" : why);
    }
    run.results.push_back(std::move(result));
  }
  return run;
}

/// The fault's own build failed: every scenario is inconclusive, with what the build said.
TargetRun nothing_ran(const Target& target, const std::vector<const Scenario*>& scenarios,
                      const TargetRunOptions& options, const std::string& why) {
  TargetRun run;
  run.info = {target.id, target.title, "", "", options.fault_name};
  for (const Scenario* scenario : scenarios) {
    ScenarioResult result = describe_result(*scenario, target, options);
    result.reason = why;
    result.known = false;
    run.results.push_back(std::move(result));
    if (options.on_result) {
      options.on_result(run.results.back());
    }
  }
  return run;
}

}  // namespace

TargetRun run_on_target(const Target& target, const std::vector<const Scenario*>& scenarios,
                        const TargetRunOptions& options) {
  std::unique_ptr<Worktree> worktree;
  Target rebased;
  const Target* launched = &target;
  if (options.fault != nullptr && options.fault->revision) {
    auto made = Worktree::make(*options.fault->revision);
    if (!made) {
      return nothing_ran(target, scenarios, options, made.error().message);
    }
    worktree = std::move(*made);
    rebased = worktree->rebase(target);
    launched = &rebased;
  }
  return run_here(*launched, scenarios, options);
}

TargetRun run_on_planes(const Target& target, const std::vector<const Scenario*>& scenarios,
                        const TargetRunOptions& options, std::optional<Plane> asked) {
  std::map<Plane, std::vector<const Scenario*>> planes;
  for (const Scenario* scenario : scenarios) {
    planes[plane_for(*scenario, target, asked)].push_back(scenario);
  }
  TargetRun whole;
  std::map<std::string, ScenarioResult> results;
  for (const auto& [plane, part] : planes) {
    TargetRunOptions one = options;
    one.plane = plane;
    TargetRun run = run_on_target(target, part, one);
    if (whole.info.id.empty()) {
      whole.info = std::move(run.info);
    }
    for (ScenarioResult& result : run.results) {
      results.emplace(result.scenario, std::move(result));
    }
  }
  for (const Scenario* scenario : scenarios) {
    whole.results.push_back(std::move(results.at(scenario->id)));
  }
  return whole;
}

}  // namespace relapse
