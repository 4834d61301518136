#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/inputs.hpp"
#include "cli/run_store.hpp"
#include "report/layout.hpp"
#include "report/view.hpp"
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

/// How each scenario ended in the last run that is stored, the worst over its targets; empty where
/// nobody remembers.
std::map<std::string, std::string> last_statuses(const CommandContext& context) {
  const auto loaded = load_run(context, "last");
  std::map<std::string, std::pair<view::Group, std::string>> worst;
  if (loaded) {
    for (const ScenarioResult& result : loaded->run.results) {
      const view::Group group = view::group_of(result);
      const auto [at, fresh] =
          worst.try_emplace(result.scenario, group, std::string(to_string(result.outcome)));
      if (!fresh && group < at->second.first) {
        at->second = {group, std::string(to_string(result.outcome))};
      }
    }
  }
  std::map<std::string, std::string> statuses;
  for (const auto& [id, status] : worst) {
    statuses[id] = status.second;
  }
  return statuses;
}

void print_table(const std::vector<Scenario>& scenarios,
                 const std::map<std::string, std::string>& last) {
  std::size_t id = 0, ref = 0;
  for (const Scenario& scenario : scenarios) {
    id = std::max(id, scenario.id.size());
    ref = std::max(ref, layout::width(ci_safe(scenario.incident.ref, 40).str()));
  }
  for (const Scenario& scenario : scenarios) {
    const auto status = last.find(scenario.id);
    const std::string ended =
        last.empty() ? "" : layout::pad(status == last.end() ? "" : status->second, 14);
    std::printf(
        "%s%s  %s  %s%s\n", ended.c_str(), layout::pad(ci_safe(scenario.id).str(), id).c_str(),
        layout::pad(ci_safe(scenario.incident.ref, 40).str(), ref).c_str(),
        ci_safe(scenario.title).str().c_str(),
        scenario.tags.empty() ? ""
                              : ("  [" + ci_safe(join(scenario.tags, ", ")).str() + "]").c_str());
  }
  std::printf("%zu %s\n", scenarios.size(), scenarios.size() == 1 ? "scenario" : "scenarios");
}

void print(const std::vector<Scenario>& scenarios, const ListArguments& arguments,
           const std::map<std::string, std::string>& last) {
  if (arguments.json) {
    Json list = Json::array();
    for (const Scenario& scenario : scenarios) {
      Json one = to_list_json(scenario);
      const auto status = last.find(scenario.id);
      one["last"] = status == last.end() ? Json(nullptr) : Json(status->second);
      list.push_back(std::move(one));
    }
    std::printf("%s\n", list.dump(2, ' ', false, Json::error_handler_t::replace).c_str());
  } else if (arguments.plain) {
    for (const Scenario& scenario : scenarios) {
      std::printf("%s\n", ci_safe(scenario.id).str().c_str());
    }
  } else {
    print_table(scenarios, last);
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
  print(*chosen, arguments,
        arguments.plain ? std::map<std::string, std::string>() : last_statuses(context));
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
