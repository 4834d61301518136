#include <CLI/CLI.hpp>
#include <cstdio>
#include <map>
#include <memory>

#include "cli/commands.hpp"
#include "cli/inputs.hpp"
#include "cli/run_outputs.hpp"
#include "cli/run_plan.hpp"
#include "cli/run_session.hpp"
#include "cli/run_store.hpp"

namespace relapse {
namespace {

int run_command(const CommandContext& context, const RunArguments& arguments) {
  Inputs inputs = plan_inputs(context, arguments);
  if (inputs.exit_code != 0 || inputs.scenarios.empty()) {
    // Whatever is wrong here, it says nothing about the commit that is being bisected.
    return arguments.bisect ? 125 : inputs.exit_code;
  }
  if (arguments.dry_run) {
    const DryRun dry = dry_run(inputs.scenarios, inputs.targets, arguments.inputs.plane);
    std::fputs((arguments.json ? dry.json : dry.text).c_str(), stdout);
    return dry.planned == 0 && !arguments.pass_without_tests ? 4 : 0;
  }
  return arguments.watch ? watch_session(context, arguments, std::move(inputs))
                         : run_session(context, arguments, inputs);
}

void add_choice_options(CLI::App& command, RunArguments& arguments) {
  command.add_option("selector", arguments.inputs.selectors,
                     "Scenario id, glob, tag:NAME or incident:REF; all when absent");
  command.add_option("-t,--target", arguments.inputs.targets,
                     "Target by name or file; may be repeated");
  command.add_option("--exclude", arguments.inputs.exclude, "Selector of scenarios to leave out");
  command.add_option("--allow-host", arguments.inputs.allow_hosts,
                     "Host that may be contacted although it is not loopback");
  command.add_option("--fault", arguments.fault, "Switch this fault of the targets on");
  add_plane_option(command, arguments.inputs);
  command.add_option("--shard", arguments.shard,
                     "Only the part I of N, by the scenarios' ids; \"auto\": as CI says");
  command.add_option("--seed", arguments.seed,
                     "Shuffle the order of the scenarios, the same way for the same number");
  command.add_option("--at", arguments.at, "Replay only this point of a sweep, like 40ms");
  command
      .add_flag("--rerun{last}", arguments.rerun,
                "Only what did not hold in the last run, or in --rerun=RUN")
      ->excludes("selector");
}

void add_effort_options(CLI::App& command, RunArguments& arguments) {
  command
      .add_option("--retries", arguments.retries,
                  "Repeat what did not hold, so often (1); alone, on a fresh target")
      ->check(CLI::Range(0, 10));
  command
      .add_option("--repeat", arguments.repeat,
                  "Replay every scenario this often; all must hold (instead of its \"repeat\")")
      ->check(CLI::Range(1, 1000));
  command.add_option("-j,--jobs", arguments.jobs, "Targets side by side (2)")
      ->check(CLI::Range(1, 64));
  command
      .add_flag("--fail-fast{1}", arguments.fail_fast,
                "Stop after the first relapse, or after N of them")
      ->check(CLI::Range(1, 1'000'000));
  command.add_option("--timeout", arguments.timeout,
                     "Stop after this time, like 30m; what did not run is inconclusive");
  command.add_flag("--watch", arguments.watch,
                   "Replay what a saved scenario, fragment or target changes, until Ctrl-C");
  command.add_flag("--dry-run", arguments.dry_run,
                   "Say what would run and what would be skipped; send nothing");
}

void add_result_options(CLI::App& command, CommandContext& context, RunArguments& arguments) {
  command.add_option("--report", arguments.report, "Folder for the pages (reports/latest)");
  command.add_flag("--no-report", arguments.no_report, "Write no pages and keep no run.json");
  add_output_options(command, arguments.outputs);
  add_secret_options(command, arguments.secrets);
  command.add_option("--baseline", arguments.baseline,
                     "Compare with this run (the last complete one on the same targets)");
  add_history_option(command, context);
  command.add_flag("--json", arguments.json,
                   "Events as they happen, one JSON object a line; with --dry-run: the plan");
  command
      .add_flag("--plain", arguments.plain,
                "One line per result, with tabs between outcome, id, target, plane, seconds, why")
      ->excludes("--json");
  command.add_flag("--strict", arguments.strict, "Flaky and known failures fail the run, too");
  command.add_flag("--bisect", arguments.bisect,
                   "Exit 0, 1 or 125 (cannot be tested), for git bisect run");
  command
      .add_option("--no-tests", arguments.pass_without_tests,
                  "\"pass\": exit 0 although nothing ran")
      ->transform(
          CLI::CheckedTransformer(std::map<std::string, bool>{{"pass", true}, {"fail", false}}));
}

}  // namespace

void add_run(CLI::App& app, CommandContext& context, int& exit_code) {
  CLI::App* command = app.add_subcommand("run", "Replay scenarios on targets and judge them");
  auto arguments = std::make_shared<RunArguments>();
  add_choice_options(*command, *arguments);
  add_effort_options(*command, *arguments);
  add_result_options(*command, context, *arguments);
  command->callback(
      [&context, &exit_code, arguments] { exit_code = run_command(context, *arguments); });
}

}  // namespace relapse
