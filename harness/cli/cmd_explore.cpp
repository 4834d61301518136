#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <memory>

#include "base/files.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/inputs.hpp"
#include "cli/interrupts.hpp"
#include "cli/secret_options.hpp"
#include "engine/applicable.hpp"
#include "engine/explore.hpp"
#include "scenario/in_order.hpp"

namespace relapse {
namespace {

struct ExploreArguments {
  InputRequest inputs;
  SecretOptions secrets;
  std::string fault;
  std::string write;
  std::size_t most = 20'000;
  int again = 0;
  int sends = 0;
  std::vector<std::string> pauses;
};

bool has_actors(const Scenario& scenario) {
  return std::any_of(scenario.steps.begin(), scenario.steps.end(),
                     [](const Step& step) { return step.group >= 0; });
}

void print_order(const Scenario& scenario, const ExploreReport& report) {
  std::printf("\nThe shortest order that relapses:\n");
  int number = 0;
  for (const Turn& turn : *report.shortest) {
    const bool added = turn.index >= scenario.steps.size();
    std::printf("  %2d  %s%s\n", ++number, ci_safe(describe(turn.step)).str().c_str(),
                added ? "  (added)" : "");
  }
  std::printf("\n%s\n", ci_safe(report.evidence.verdict.reason).str().c_str());
  if (report.again > 0) {
    std::printf("Replayed again: relapsed %d of %d times.\n", report.reproduced, report.again);
  }
}

/// An added step as a scenario file says it.
std::string added_json(const Step& step) {
  std::string json = "{";
  if (const auto* pause = std::get_if<Pause>(&step.action)) {
    json += R"("pause": ")" + duration_text(pause->duration) + "\"";
  } else {
    const bool hold = std::holds_alternative<HoldSend>(step.action);
    json += hold ? R"("hold_send": {})" : R"("release_send": {})";
    if (step.lane != "main") {
      json += R"(, "on": ")" + step.lane + "\"";
    }
  }
  return json + "}";
}

int write_scenario(const CommandContext& context, const ExploreArguments& arguments,
                   const Scenario& scenario, const ExploreReport& report) {
  const std::string title = scenario.title + " (the shortest order that once relapsed)";
  std::vector<OrderedStep> order;
  for (const Turn& turn : *report.shortest) {
    const bool added = turn.index >= scenario.steps.size();
    order.push_back({turn.index, added ? added_json(turn.step) : ""});
  }
  auto text = scenario_in_order(scenario.file, context.scenarios_dir, order, title);
  Result<void> written;
  if (text) {
    written = write_file(arguments.write, *text);
  }
  if (!text || !written) {
    print_error(text ? written.error() : text.error());
    return 3;
  }
  std::printf("Written as a scenario: %s\n", ci_safe(arguments.write).str().c_str());
  return 0;
}

int explore_command(const CommandContext& context, const ExploreArguments& arguments) {
  const Inputs inputs = read_inputs(context, arguments.inputs);
  if (inputs.exit_code != 0) {
    return inputs.exit_code;
  }
  if (inputs.scenarios.size() != 1 || inputs.targets.size() != 1) {
    print_error({ErrorKind::usage,
                 "explore takes one scenario and one target; these are " +
                     std::to_string(inputs.scenarios.size()) + " and " +
                     std::to_string(inputs.targets.size()),
                 {},
                 "relapse explore ID -t TARGET"});
    return 2;
  }
  const Scenario& scenario = inputs.scenarios.front();
  if (!has_actors(scenario)) {
    print_error({ErrorKind::usage,
                 "nothing to explore: no step of the scenario has a choice of order",
                 {scenario.file, 0, 0},
                 "put what may happen in any order into the branches of a \"together\""});
    return 2;
  }
  ExploreOptions options;
  options.most = arguments.most;
  options.again = arguments.again;
  options.sends = arguments.sends;
  for (const std::string& text : arguments.pauses) {
    const auto pause = parse_duration(text);
    if (!pause || *pause <= Duration::zero()) {
      print_error({ErrorKind::usage,
                   "\"" + text + "\" is not a duration; write 2s, 200ms or 1m",
                   {},
                   "relapse explore ID -t TARGET --pause 200ms"});
      return 2;
    }
    if (!scenario.virtual_clock) {
      print_error({ErrorKind::usage,
                   "--pause needs the virtual clock: on the real one each order would wait",
                   {scenario.file, 0, 0},
                   "add \"clock\": \"virtual\" to the scenario"});
      return 2;
    }
    options.pauses.push_back(*pause);
  }
  if (!arguments.fault.empty()) {
    auto fault = find_fault(inputs.targets.front(), arguments.fault);
    if (!fault) {
      print_error(fault.error());
      return 2;
    }
    options.fault = *fault;
  }
  auto vault = read_secrets(arguments.secrets);
  if (!vault) {
    print_error(vault.error());
    return 2;
  }
  Interrupt interrupt;
  const SignalWatch signals(interrupt);
  options.interrupt = &interrupt;
  options.vault = *vault;
  const ExploreReport report = explore(scenario, inputs.targets.front(), options);
  if (!report.failure.empty()) {
    print_error({ErrorKind::environment, "nothing was explored: " + report.failure, {}, ""});
    return 3;
  }
  std::printf(
      "%s on %s: %zu replays, %zu of them whole orders, in %s: %zu relapsed, %zu "
      "inconclusive%s\n",
      ci_safe(scenario.id).str().c_str(), ci_safe(inputs.targets.front().id).str().c_str(),
      report.replays, report.orders, human_duration(report.duration).c_str(), report.relapsed,
      report.inconclusive,
      report.complete ? "" : "; NOT ALL ORDERS: the bound was reached (--bound)");
  int code = report.inconclusive > 0 || !report.complete ? 3 : 0;
  if (report.shortest) {
    print_order(scenario, report);
    code = 1;
    if (!arguments.write.empty() && write_scenario(context, arguments, scenario, report) != 0) {
      code = 3;
    }
  } else if (code == 0) {
    std::printf("HOLDS in every order.\n");
  }
  return interrupt.requested() ? 128 + signals.caught() : code;
}

}  // namespace

void add_explore(CLI::App& app, CommandContext& context, int& exit_code) {
  CLI::App* command = app.add_subcommand(
      "explore", "Replay a scenario in every order of its branches; on the ASGI plane");
  auto arguments = std::make_shared<ExploreArguments>();
  command->add_option("scenario", arguments->inputs.selectors, "Scenario with a \"together\"")
      ->required();
  command->add_option("-t,--target", arguments->inputs.targets, "Target with an ASGI application");
  command->add_option("--allow-host", arguments->inputs.allow_hosts,
                      "Host that may be contacted although it is not loopback");
  command->add_option("--fault", arguments->fault, "Switch this fault of the target on");
  add_secret_options(*command, arguments->secrets);
  command->add_option("--bound", arguments->most, "The most replays")
      ->check(CLI::Range(1, 10'000'000));
  command
      ->add_option("--again", arguments->again,
                   "Replay the shortest order that relapses so often once more")
      ->check(CLI::Range(0, 1'000'000));
  command
      ->add_option("--sends", arguments->sends,
                   "Also hold back a send() of each call and let it return, so often in any order")
      ->check(CLI::Range(0, 20));
  command->add_option("--pause", arguments->pauses,
                      "Also let so much time pass, in any order; may be repeated");
  command->add_option("--write", arguments->write,
                      "Write the shortest order that relapses to this file, as a scenario");
  command->callback(
      [&context, &exit_code, arguments] { exit_code = explore_command(context, *arguments); });
}

}  // namespace relapse
