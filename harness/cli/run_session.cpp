#include "cli/run_session.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>

#include "base/scan_written.hpp"
#include "base/text.hpp"
#include "cli/history_selectors.hpp"
#include "cli/interrupts.hpp"
#include "cli/live_progress.hpp"
#include "cli/run_plan.hpp"
#include "cli/run_store.hpp"
#include "cli/terminal.hpp"
#include "engine/run_all.hpp"
#include "report/console.hpp"
#include "report/events.hpp"

namespace relapse {
namespace {

using Clock = std::chrono::steady_clock;

ConsoleOptions console_options(const CommandContext& context, const RunArguments& arguments) {
  ConsoleOptions options;
  options.colour = context.colour;
  options.unicode = context.unicode;
  options.verbosity = context.verbosity;
  options.columns = std::min(columns_of(STDOUT_FILENO, 100), 100);
  options.recap = !context.progress && context.verbosity >= 0;
  options.strict = arguments.strict;
  return options;
}

/// Whether later runs can be compared with this one, and which.
void mark_whole(const RunArguments& arguments, Run& run) {
  run.whole = arguments.inputs.selectors.empty() && arguments.inputs.exclude.empty() &&
              arguments.rerun.empty() && arguments.shard.empty() && arguments.at.empty();
  if (arguments.inputs.plane) {
    run.suite = *arguments.inputs.plane == Plane::asgi ? "plane asgi" : "plane wire";
  }
}

RunOptions run_options(const CommandContext& context, const RunArguments& arguments,
                       Interrupt& interrupt) {
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
  return options;
}

/// --json: what happens, on standard output, while it happens.
class EventStream {
 public:
  EventStream(bool wanted, std::shared_ptr<Vault> vault)
      : wanted_(wanted), vault_(std::move(vault)) {}

  void write(const std::string& line) {
    if (!wanted_) {
      return;
    }
    if (const auto clean = scan_text(line, "an event of --json", vault_->all()); !clean) {
      print_error(clean.error());
      leaked_ = true;
      return;
    }
    std::fputs(line.c_str(), stdout);
    std::fflush(stdout);
  }
  bool wanted() const { return wanted_; }
  bool leaked() const { return leaked_; }

 private:
  bool wanted_;
  std::shared_ptr<Vault> vault_;
  bool leaked_ = false;
};

/// What can be said of a run before it begins.
Run announced(const CommandContext& context, const Inputs& inputs) {
  Run run;
  run.harness_version = harness_version;
  run.command = context.command_line;
  for (const Target& target : inputs.targets) {
    run.targets.push_back({.id = target.id, .title = target.title, .address = target.address});
  }
  return run;
}

/// Ends the run when its time is over.
class RunDeadline {
 public:
  RunDeadline(const std::string& text, Interrupt& interrupt) : text_(text), interrupt_(interrupt) {
    if (const auto within = parse_duration(text)) {
      until_ = Clock::now() + *within;
    }
  }
  void check() const {
    if (until_ && Clock::now() >= *until_ && !interrupt_.requested()) {
      interrupt_.request("the --timeout of " + text_ + " was over");
    }
  }

 private:
  std::string text_;
  Interrupt& interrupt_;
  std::optional<Clock::time_point> until_{};
};

Result<Run> replay(const CommandContext& context, const RunArguments& arguments,
                   const Inputs& inputs, const std::shared_ptr<Vault>& vault, EventStream& events,
                   Interrupt& interrupt, SignalWatch& signals) {
  const RunDeadline deadline(arguments.timeout, interrupt);
  LiveOptions live;
  live.silent = context.verbosity < 0;
  live.redraw = context.progress;
  live.keyboard = context.keyboard && !live.silent;
  live.console = console_options(context, arguments);
  live.console.colour = context.error_colour;
  live.on_tick = [&deadline] { deadline.check(); };
  LiveProgress progress(inputs.scenarios.size() * inputs.targets.size(), live);
  signals.on_question([&progress] { progress.tell(); });
  signals.on_end([&progress] { progress.restore_terminal(); });
  RunOptions options = run_options(context, arguments, interrupt);
  options.vault = vault;
  options.on_start = [&](const Scenario& scenario, const Target& target) {
    progress.started(scenario.id, target.id);
  };
  const std::size_t planned = inputs.scenarios.size() * inputs.targets.size();
  std::size_t done = 0;
  int relapsed = 0;
  options.on_result = [&](const ScenarioResult& result) {
    progress.finished(result);
    events.write(event_result(result, ++done, planned));
    relapsed += result.outcome == Outcome::relapsed && !result.known ? 1 : 0;
    if (arguments.fail_fast > 0 && relapsed >= arguments.fail_fast && !interrupt.requested()) {
      interrupt.request("--fail-fast after " + std::to_string(relapsed) +
                        (relapsed == 1 ? " relapse" : " relapses"));
    }
  };
  auto run = run_all(inputs.scenarios, inputs.targets, options);
  signals.on_question({});
  signals.on_end({});
  return run;
}

/// What `git bisect run` understands: 0 good, 1 bad, 125 cannot be tested here. An interruption
/// ends the bisection.
int bisect_code(const Run& run, int code) {
  if (code == 0 && totals(run).flaky > 0) {
    return 125;  // a relapse that did not repeat says nothing about this commit
  }
  return code == 0 || code == 1 || code >= 128 ? code : 125;
}

int final_code(const RunArguments& arguments, const SignalWatch& signals, const Run& run,
               int code) {
  const Totals t = totals(run);
  if (arguments.strict && code == 0 && t.flaky + t.known > 0) {
    code = 1;
  }
  if (arguments.bisect) {
    return bisect_code(run, code);
  }
  if (code == 130 && signals.caught() != 0) {
    return 128 + signals.caught();
  }
  return code == 4 && arguments.pass_without_tests ? 0 : code;
}

/// Something could not be written: a relapse stays the worse news.
void failed_to_write(const Error& error, int& code) {
  print_error(error);
  code = code == 1 ? 1 : 3;
}

}  // namespace

Inputs plan_inputs(const CommandContext& context, const RunArguments& arguments) {
  InputRequest request = arguments.inputs;
  if (arguments.json && arguments.outputs.take_stdout()) {
    print_error({ErrorKind::usage,
                 "--json and another format both ask for standard output",
                 {},
                 "write the other one to a file"});
    Inputs none;
    none.exit_code = 2;
    return none;
  }
  if (!arguments.rerun.empty()) {
    Inputs none;
    if (auto asked = ask_for_rerun(context, arguments.rerun, request); !asked) {
      print_error(asked.error());
      none.exit_code = exit_code_for(asked.error());
      return none;
    }
    if (request.selectors.empty()) {
      std::fprintf(stderr, "nothing to run again: all of run %s held\n",
                   ci_safe(arguments.rerun).str().c_str());
      none.exit_code = arguments.pass_without_tests ? 0 : 4;
      return none;
    }
  }
  Inputs inputs = read_inputs(context, request);
  if (inputs.exit_code != 0) {
    return inputs;
  }
  const auto refuse = [&inputs](const Error& error, int code) {
    print_error(error);
    inputs.exit_code = code;
    return inputs;
  };
  if (!arguments.timeout.empty()) {
    const auto within = parse_duration(arguments.timeout);
    if (!within || *within <= Duration::zero()) {
      return refuse(
          {ErrorKind::usage,
           "--timeout: \"" + ci_safe(arguments.timeout, 60).str() + "\" is not a duration",
           {},
           "write 90s, 10m or 2h"},
          2);
    }
  }
  if (!arguments.at.empty()) {
    const auto point = parse_duration(arguments.at);
    const Result<void> kept =
        point ? keep_point(inputs.scenarios, *point)
              : Error{ErrorKind::usage, "--at takes a duration like 40ms", {}, ""};
    if (!kept) {
      return refuse(kept.error(), 2);
    }
  }
  if (!arguments.shard.empty()) {
    const auto shard = parse_shard(arguments.shard, environment);
    if (!shard) {
      return refuse(shard.error(), 2);
    }
    const std::size_t all = inputs.scenarios.size();
    keep_shard(inputs.scenarios, *shard);
    std::fprintf(stderr, "shard %d/%d: %zu of %zu scenarios\n", shard->index, shard->total,
                 inputs.scenarios.size(), all);
    if (inputs.scenarios.empty()) {
      inputs.exit_code = arguments.pass_without_tests ? 0 : 4;
      return inputs;
    }
  }
  if (arguments.seed) {
    shuffle(inputs.scenarios, *arguments.seed);
    std::fprintf(stderr, "order shuffled with --seed %llu\n",
                 static_cast<unsigned long long>(*arguments.seed));
  }
  return inputs;
}

int run_session(const CommandContext& context, const RunArguments& arguments,
                const Inputs& inputs) {
  auto remembered = remember(context, arguments.baseline);
  if (!remembered) {
    print_error(remembered.error());
    return exit_code_for(remembered.error());
  }
  const auto vault = read_secrets(arguments.secrets);
  if (!vault) {
    print_error(vault.error());
    return 2;
  }
  Interrupt interrupt;
  SignalWatch signals(interrupt);
  EventStream events(arguments.json, *vault);
  events.write(event_run_started(announced(context, inputs),
                                 inputs.scenarios.size() * inputs.targets.size()));
  auto run = replay(context, arguments, inputs, *vault, events, interrupt, signals);
  if (!run) {
    print_error(run.error());
    return exit_code_for(run.error());
  }
  mark_whole(arguments, *run);
  const Comparison comparison = compare_fresh(*remembered, *run);
  ConsoleOptions console = console_options(context, arguments);
  int code = exit_code(*run);
  std::vector<std::filesystem::path> places = arguments.outputs.paths();
  if (!arguments.no_report) {
    places.push_back(history_dir(context) / "runs" / run->id);
    auto folder = store_run(context, arguments.report, *run, comparison);
    if (!folder) {
      failed_to_write(folder.error(), code);
    } else {
      console.report_dir = folder->string();
      places.push_back(*folder);
    }
  }
  if (auto written = write_outputs(*run, comparison, arguments.outputs); !written) {
    failed_to_write(written.error(), code);
  }
  const std::string text =
      arguments.plain ? plain_report(*run) : console_report(*run, comparison, console);
  if (!holds_no_secret(places, text, **vault)) {
    return arguments.bisect ? 125 : 3;  // whatever else the run showed
  }
  if (context.verbosity > -2) {
    const bool taken = arguments.outputs.take_stdout() || events.wanted();
    std::FILE* stream = taken ? stderr : stdout;
    if (auto printed = print_report(*run, comparison, text, stream); !printed) {
      failed_to_write(printed.error(), code);
    }
    std::fflush(stream);
    std::fputs(acknowledgement_notes(comparison).c_str(), stderr);
  }
  code = final_code(arguments, signals, *run, code);
  events.write(event_run_finished(*run, comparison, code));
  return events.leaked() ? 3 : code;
}

}  // namespace relapse
