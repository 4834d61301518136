#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/inputs.hpp"
#include "cli/run_store.hpp"
#include "history/summary_json.hpp"

namespace relapse {
namespace {

struct DiffArguments {
  std::vector<std::string> runs;
  bool json = false;
  bool exit_code = false;
};

constexpr ChangeKind kinds[] = {
    ChangeKind::relapsed,       ChangeKind::fails_differently, ChangeKind::new_and_failing,
    ChangeKind::lost,           ChangeKind::inconclusive,      ChangeKind::flaky,
    ChangeKind::slower,         ChangeKind::recovered,         ChangeKind::new_and_holding,
    ChangeKind::target_changed, ChangeKind::still_failing,
};

std::string heading(ChangeKind kind, std::size_t count) {
  std::string name(to_string(kind));
  name[0] = static_cast<char>(name[0] - 'a' + 'A');
  return name + " (" + std::to_string(count) + ")";
}

/// "last good 2026-11-21 uvicorn 0.30.6"
std::string at_text(const char* what, const std::string& at, const std::string& version) {
  if (at.empty()) {
    return {};
  }
  return std::string(what) + " " + at.substr(0, 10) +
         (version.empty() ? "" : " " + safe_text(version, 60).str());
}

std::string name_of(const ResultKey& key) {
  if (key.scenario.empty()) {
    return safe_text(key.target).str();
  }
  return safe_text(key.scenario).str() + " on " + safe_text(key.target).str() +
         (key.plane == Plane::asgi ? " (ASGI)" : "");
}

void print_change(const Change& change) {
  std::printf("  %s\n", name_of(change.key).c_str());
  std::vector<std::string> facts;
  const bool bad = change.failing_nights > 0;
  for (const std::string& fact :
       {change.text, at_text("last good", change.last_good_at, change.last_good_version),
        bad ? at_text("first bad", change.first_bad_at, change.first_bad_version) : ""}) {
    if (!fact.empty() && fact != change.signature) {
      facts.push_back(fact);
    }
  }
  if (!change.signature.empty()) {
    std::printf("      %s\n", change.signature.c_str());
  }
  if (!facts.empty()) {
    std::printf("      %s\n", join(facts, " · ").c_str());
  }
}

void print_comparison(const Run& run, const Comparison& comparison) {
  std::printf("%s\n", headline(run).c_str());
  if (comparison.baseline) {
    std::printf("Run %s compared with %s\n", run.id.c_str(), comparison.baseline->id.c_str());
  } else {
    std::printf(
        "Run %s: no earlier complete run of these targets, so nothing can be called a "
        "regression\n",
        run.id.c_str());
  }
  for (const ChangeKind kind : kinds) {
    const auto changes = changes_of(comparison, kind);
    if (changes.empty()) {
      continue;
    }
    std::printf("\n%s\n", heading(kind, changes.size()).c_str());
    for (const Change* change : changes) {
      print_change(*change);
    }
  }
  if (comparison.baseline && comparison.changes.empty()) {
    std::printf("\nNothing changed.\n");
  }
  for (const std::string& file : comparison.unreadable) {
    std::fprintf(stderr, "note: skipped %s\n", safe_text(file).str().c_str());
  }
}

Json diff_json(const Run& run, const Comparison& comparison) {
  Json json{{"format", "relapse-diff"}, {"version", 1}};
  json["run"] = to_json(summary_of(run));
  json["baseline"] = comparison.baseline ? to_json(*comparison.baseline) : Json();
  json["changes"] = Json::array();
  for (const Change& change : comparison.changes) {
    json["changes"].push_back(to_json(change));
  }
  json["unreadable"] = comparison.unreadable;
  return json;
}

int diff_command(const CommandContext& context, const DiffArguments& arguments) {
  const bool two = arguments.runs.size() == 2;
  auto loaded = load_run(context, arguments.runs.empty() ? "last" : arguments.runs.back());
  if (!loaded) {
    print_error(loaded.error());
    return exit_code_for(loaded.error());
  }
  auto remembered = remember(context, two ? arguments.runs.front() : "");
  if (!remembered) {
    print_error(remembered.error());
    return exit_code_for(remembered.error());
  }
  const Comparison comparison = compare_stored(*remembered, loaded->run);
  if (arguments.json) {
    std::printf("%s\n", diff_json(loaded->run, comparison)
                            .dump(2, ' ', false, Json::error_handler_t::replace)
                            .c_str());
  } else {
    print_comparison(loaded->run, comparison);
  }
  const bool changed =
      std::any_of(comparison.changes.begin(), comparison.changes.end(),
                  [](const Change& change) { return change.kind != ChangeKind::still_failing; });
  return arguments.exit_code && changed ? 1 : 0;
}

}  // namespace

void add_diff(CLI::App& app, CommandContext& context, int& exit_code) {
  CLI::App* command = app.add_subcommand("diff", "What changed between two stored runs");
  auto arguments = std::make_shared<DiffArguments>();
  command
      ->add_option("run", arguments->runs,
                   "[EARLIER] LATER: the last run beside the one it is compared with when absent")
      ->expected(0, 2);
  command->add_flag("--json", arguments->json, "As JSON");
  command->add_flag("--exit-code", arguments->exit_code, "Exit 1 when something changed");
  add_history_option(*command, context);
  command->callback(
      [&context, &exit_code, arguments] { exit_code = diff_command(context, *arguments); });
}

}  // namespace relapse
