#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/history_selectors.hpp"
#include "cli/inputs.hpp"
#include "cli/interrupts.hpp"
#include "cli/run_outputs.hpp"
#include "cli/run_store.hpp"
#include "cli/secret_options.hpp"
#include "engine/run_all.hpp"
#include "report/console.hpp"

namespace relapse {
namespace {

struct RunArguments {
  InputRequest inputs;
  SecretOptions secrets;
  std::string fault;
  int retries = 1;
  int repeat = 0;  ///< 0: as each scenario says
  int jobs = 2;
  std::string report;
  std::string rerun;     ///< --rerun: the run whose failures are replayed
  std::string baseline;  ///< --baseline: the run to compare with
  OutputFiles outputs;
  bool no_report = false;
  bool dry_run = false;
  bool bisect = false;
  bool pass_without_tests = false;
  int verbose = 0;
  int quiet = 0;
};

ConsoleOptions console_options(const CommandContext& context, const RunArguments& arguments) {
  ConsoleOptions options;
  options.colour = context.colour;
  options.unicode = context.unicode;
  options.verbosity = arguments.quiet > 0 ? -arguments.quiet : arguments.verbose;
  return options;
}

int dry_run(const Inputs& inputs) {
  for (const Target& target : inputs.targets) {
    for (const Scenario& scenario : inputs.scenarios) {
      std::printf("%s on %s\n", ci_safe(scenario.id).str().c_str(),
                  ci_safe(target.id).str().c_str());
    }
  }
  return 0;
}

/// What `git bisect run` understands: 0 good, 1 bad, 125 cannot be tested here. An interruption
/// ends the bisection.
int bisect_code(int code) {
  if (code == 0 || code == 1 || code >= 128) {
    return code;
  }
  return 125;
}

/// What was asked for, with the failures of an earlier run when --rerun names one.
Result<InputRequest> requested(const CommandContext& context, const RunArguments& arguments) {
  InputRequest request = arguments.inputs;
  if (!arguments.rerun.empty()) {
    if (auto asked = ask_for_rerun(context, arguments.rerun, request); !asked) {
      return std::move(asked).error();
    }
  }
  return request;
}

/// Whether later runs can be compared with this one, and which.
void mark_whole(const RunArguments& arguments, Run& run) {
  run.whole = arguments.inputs.selectors.empty() && arguments.inputs.exclude.empty() &&
              arguments.rerun.empty();
  if (arguments.inputs.plane) {
    run.suite = *arguments.inputs.plane == Plane::asgi ? "plane asgi" : "plane wire";
  }
}

int run_command(const CommandContext& context, const RunArguments& arguments) {
  auto remembered = remember(context, arguments.baseline);
  if (!remembered) {
    print_error(remembered.error());
    return exit_code_for(remembered.error());
  }
  const auto request = requested(context, arguments);
  if (!request) {
    print_error(request.error());
    return exit_code_for(request.error());
  }
  if (!arguments.rerun.empty() && request->selectors.empty()) {
    std::fprintf(stderr, "nothing to run again: all of run %s held\n", arguments.rerun.c_str());
    return arguments.pass_without_tests ? 0 : 4;
  }
  const Inputs inputs = read_inputs(context, *request);
  if (inputs.exit_code != 0) {
    return arguments.bisect ? bisect_code(inputs.exit_code) : inputs.exit_code;
  }
  if (arguments.dry_run) {
    return dry_run(inputs);
  }
  auto vault = read_secrets(arguments.secrets);
  if (!vault) {
    print_error(vault.error());
    return arguments.bisect ? bisect_code(2) : 2;
  }
  Interrupt interrupt;
  const SignalWatch signals(interrupt);
  ConsoleOptions console = console_options(context, arguments);
  const bool live = arguments.quiet == 0;
  std::size_t done = 0;
  const std::size_t planned = inputs.scenarios.size() * inputs.targets.size();
  RunOptions options;
  options.fault = arguments.fault;
  options.retries = arguments.retries;
  if (arguments.repeat > 0) {
    options.repeat = Repeat{arguments.repeat, arguments.repeat};
  }
  options.plane = arguments.inputs.plane;
  options.jobs = arguments.jobs;
  options.command = context.command_line;
  options.interrupt = &interrupt;
  options.vault = *vault;
  options.on_result = [&](const ScenarioResult& result) {
    ++done;
    if (live && context.progress) {
      std::fprintf(stderr, "\r\033[K[%zu/%zu] %s on %s", done, planned,
                   ci_safe(result.scenario).str().c_str(), ci_safe(result.target).str().c_str());
      std::fflush(stderr);
    }
  };
  auto run = run_all(inputs.scenarios, inputs.targets, options);
  if (live && context.progress) {
    std::fprintf(stderr, "\r\033[K");
  }
  if (!run) {
    print_error(run.error());
    return exit_code_for(run.error());
  }
  mark_whole(arguments, *run);
  const Comparison comparison = compare_fresh(*remembered, *run);
  int code = exit_code(*run);
  std::vector<std::filesystem::path> places = arguments.outputs.paths();
  places.push_back(context.reports_dir / "runs" / run->id);
  if (!arguments.no_report) {
    auto folder = store_run(context, arguments.report, *run, comparison);
    if (!folder) {
      print_error(folder.error());
      code = code == 1 ? 1 : 3;
    } else {
      console.report_dir = folder->string();
      places.push_back(*folder);
    }
  }
  if (auto written = write_outputs(*run, comparison, arguments.outputs); !written) {
    print_error(written.error());
    code = code == 1 ? 1 : 3;
  }
  const std::string text = console_report(*run, console);
  if (!holds_no_secret(places, text, **vault)) {
    return arguments.bisect ? bisect_code(3) : 3;  // whatever else the run showed
  }
  if (arguments.quiet < 2) {
    std::FILE* stream = arguments.outputs.take_stdout() ? stderr : stdout;
    if (auto printed = print_report(*run, comparison, text, stream); !printed) {
      print_error(printed.error());
      code = code == 1 ? 1 : 3;
    }
    std::fputs(acknowledgement_notes(comparison).c_str(), stderr);
  }
  if (arguments.bisect) {
    // A relapse that did not repeat says nothing about this commit.
    return code == 0 && totals(*run).flaky > 0 ? 125 : bisect_code(code);
  }
  if (code == 130 && signals.caught() != 0) {
    return 128 + signals.caught();
  }
  return code == 4 && arguments.pass_without_tests ? 0 : code;
}

}  // namespace

void add_run(CLI::App& app, CommandContext& context, int& exit_code) {
  CLI::App* command = app.add_subcommand("run", "Replay scenarios on targets and judge them");
  auto arguments = std::make_shared<RunArguments>();
  command->add_option("selector", arguments->inputs.selectors,
                      "Scenario id, glob, tag:NAME, incident:REF, failed@last or changed@last; "
                      "all when absent");
  command->add_option("-t,--target", arguments->inputs.targets,
                      "Target by name or file; may be repeated");
  command->add_option("--exclude", arguments->inputs.exclude, "Selector of scenarios to leave out");
  command->add_option("--allow-host", arguments->inputs.allow_hosts,
                      "Host that may be contacted although it is not loopback");
  command->add_option("--fault", arguments->fault, "Switch this fault of the targets on");
  command
      ->add_option("--retries", arguments->retries,
                   "Repeat what did not hold, alone on a fresh target, this often")
      ->check(CLI::Range(0, 10));
  command
      ->add_option("--repeat", arguments->repeat,
                   "Replay every scenario this often; all must hold (instead of its \"repeat\")")
      ->check(CLI::Range(1, 1000));
  add_plane_option(*command, arguments->inputs);
  command->add_option("-j,--jobs", arguments->jobs, "Targets side by side")
      ->check(CLI::Range(1, 64));
  command->add_option("--report", arguments->report, "Folder for the pages (reports/latest)");
  command
      ->add_flag("--rerun{last}", arguments->rerun,
                 "Only what did not hold in the last run, or in --rerun=RUN")
      ->excludes("selector");
  command->add_option("--baseline", arguments->baseline,
                      "Compare with this run (the last complete one on the same targets)");
  add_history_option(*command, context);
  command->add_flag("--no-report", arguments->no_report, "Write no pages and keep no run.json");
  add_output_options(*command, arguments->outputs);
  add_secret_options(*command, arguments->secrets);
  command->add_flag("--bisect", arguments->bisect,
                    "Exit 0, 1 or 125 (cannot be tested), for git bisect run");
  command->add_flag("--dry-run", arguments->dry_run, "Say what would run, and send nothing");
  command
      ->add_option("--no-tests", arguments->pass_without_tests,
                   "\"pass\": exit 0 although nothing ran")
      ->transform(
          CLI::CheckedTransformer(std::map<std::string, bool>{{"pass", true}, {"fail", false}}));
  command->add_flag("-v,--verbose", arguments->verbose, "All results; twice: with every exchange");
  command->add_flag("-q,--quiet", arguments->quiet, "Failures and summary; twice: nothing");
  command->callback(
      [&context, &exit_code, arguments] { exit_code = run_command(context, *arguments); });
}

}  // namespace relapse
