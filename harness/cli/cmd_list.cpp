#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/inputs.hpp"
#include "scenario/load.hpp"

namespace relapse {
namespace {

struct ListArguments {
  std::vector<std::string> selectors;
  bool json = false;
  bool plain = false;
};

Json to_list_json(const Scenario& scenario) {
  Json json;
  json["id"] = scenario.id;
  json["title"] = scenario.title;
  json["incident"] = scenario.incident.ref;
  json["seen"] = scenario.incident.seen;
  json["tags"] = scenario.tags;
  json["requires"] = scenario.required;
  json["steps"] = scenario.steps.size();
  json["file"] = scenario.file;
  json["digest"] = scenario.digest;
  Json faults = Json::array();
  for (const ProofEntry& entry : scenario.proof) {
    faults.push_back(entry.fault);
  }
  json["faults"] = std::move(faults);
  return json;
}

void print_table(const std::vector<Scenario>& scenarios) {
  std::size_t id = 0, ref = 0;
  for (const Scenario& scenario : scenarios) {
    id = std::max(id, scenario.id.size());
    ref = std::max(ref, ci_safe(scenario.incident.ref, 40).str().size());
  }
  for (const Scenario& scenario : scenarios) {
    std::printf("%-*s  %-*s  %s\n", static_cast<int>(id), ci_safe(scenario.id).str().c_str(),
                static_cast<int>(ref), ci_safe(scenario.incident.ref, 40).str().c_str(),
                ci_safe(scenario.title).str().c_str());
  }
  std::printf("%zu %s\n", scenarios.size(), scenarios.size() == 1 ? "scenario" : "scenarios");
}

void print(const std::vector<Scenario>& scenarios, const ListArguments& arguments) {
  if (arguments.json) {
    Json list = Json::array();
    for (const Scenario& scenario : scenarios) {
      list.push_back(to_list_json(scenario));
    }
    std::printf("%s\n", list.dump(2, ' ', false, Json::error_handler_t::replace).c_str());
  } else if (arguments.plain) {
    for (const Scenario& scenario : scenarios) {
      std::printf("%s\n", ci_safe(scenario.id).str().c_str());
    }
  } else {
    print_table(scenarios);
  }
}

int list(const CommandContext& context, const ListArguments& arguments) {
  auto loaded = load_scenarios(context.scenarios_dir);
  if (!loaded) {
    print_error(loaded.error());
    return exit_code_for(loaded.error());
  }
  auto chosen = select_scenarios(loaded->scenarios, arguments.selectors);
  if (!chosen) {
    print_error(chosen.error());
    return exit_code_for(chosen.error());
  }
  print(*chosen, arguments);
  if (loaded->bad_files() == 0) {
    return 0;
  }
  // A list that leaves something out must say so.
  std::fprintf(stderr, "%zu of %zu files %s not listed because of errors; try: relapse check\n",
               loaded->bad_files(), loaded->files, loaded->bad_files() == 1 ? "is" : "are");
  return 2;
}

}  // namespace

void add_list(CLI::App& app, CommandContext& context, int& exit_code) {
  auto arguments = std::make_shared<ListArguments>();
  CLI::App* command = app.add_subcommand("list", "List scenarios");
  command->add_option("SELECTOR", arguments->selectors,
                      "An id, a glob like lifecycle/*, tag:NAME or incident:REF");
  command->add_flag("--json", arguments->json, "As a JSON array");
  command->add_flag("--plain", arguments->plain, "Ids only, one a line")->excludes("--json");
  command->callback([arguments, &context, &exit_code] { exit_code = list(context, *arguments); });
}

}  // namespace relapse
