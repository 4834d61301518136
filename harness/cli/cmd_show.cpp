#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "base/files.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/inputs.hpp"
#include "report/console.hpp"

namespace relapse {
namespace {

struct ShowArguments {
  std::string run = "last";
  std::string result;
  bool hex = false;
  bool json = false;
};

struct Chosen {
  std::vector<const ScenarioResult*> results;
};

/// ID or ID@TARGET; empty: everything.
Chosen choose(const Run& run, const std::string& wanted) {
  const std::size_t at = wanted.rfind('@');
  const std::string id = wanted.substr(0, at);
  const std::string target = at == std::string::npos ? "" : wanted.substr(at + 1);
  Chosen chosen;
  for (const ScenarioResult& result : run.results) {
    if ((wanted.empty() || result.scenario == id) && (target.empty() || result.target == target)) {
      chosen.results.push_back(&result);
    }
  }
  return chosen;
}

int show_command(const CommandContext& context, const ShowArguments& arguments) {
  auto run = load_run(context, arguments.run);
  if (!run) {
    print_error(run.error());
    return exit_code_for(run.error());
  }
  ConsoleOptions console;
  console.colour = context.colour;
  console.unicode = context.unicode;
  if (arguments.result.empty()) {
    std::fputs(console_report(*run, console).c_str(), stdout);
    return 0;
  }
  const Chosen chosen = choose(*run, arguments.result);
  if (chosen.results.empty()) {
    print_error({ErrorKind::usage,
                 "run " + run->id + " has no result " + arguments.result,
                 {},
                 "relapse show " + arguments.run + " lists them"});
    return 2;
  }
  for (const ScenarioResult* result : chosen.results) {
    const Attempt* attempt = result->deciding();
    if (attempt == nullptr) {
      std::printf("%s on %s: %s\n", ci_safe(result->scenario).str().c_str(),
                  ci_safe(result->target).str().c_str(), ci_safe(result->reason).str().c_str());
    } else if (arguments.json) {
      std::printf(
          "%s\n",
          to_json(attempt->timeline).dump(2, ' ', false, Json::error_handler_t::replace).c_str());
    } else {
      std::fputs(show_attempt(*result, *attempt, console, arguments.hex).c_str(), stdout);
    }
  }
  return 0;
}

}  // namespace

void add_show(CLI::App& app, CommandContext& context, int& exit_code) {
  CLI::App* command = app.add_subcommand("show", "One result of a stored run as a packet trace");
  auto arguments = std::make_shared<ShowArguments>();
  command->add_option("run", arguments->run, "Run id, a run.json, or \"last\"");
  command->add_option("result", arguments->result, "ID or ID@TARGET; all in short when absent");
  command->add_flag("--hex", arguments->hex, "With the octets of every message");
  command->add_flag("--json", arguments->json, "The timeline as JSON, as `relapse judge` reads it");
  command->callback(
      [&context, &exit_code, arguments] { exit_code = show_command(context, *arguments); });
}

}  // namespace relapse
