#include "cli/history_selectors.hpp"

#include <algorithm>
#include <set>

#include "cli/run_store.hpp"
#include "scenario/load.hpp"

namespace relapse {
namespace {

bool did_not_hold(const ScenarioResult& result) {
  return result.outcome != Outcome::holds && result.outcome != Outcome::skipped;
}

std::set<std::string> failed_in(const Run& run) {
  std::set<std::string> ids;
  for (const ScenarioResult& result : run.results) {
    if (did_not_hold(result))
      ids.insert(result.scenario);
  }
  return ids;
}

Result<std::set<std::string>> changed_in(const CommandContext& context, const Run& run) {
  auto remembered = remember(context);
  if (!remembered)
    return std::move(remembered).error();
  std::set<std::string> ids;
  for (const Change& change : compare_stored(*remembered, run).changes) {
    if (change.kind != ChangeKind::still_failing && change.kind != ChangeKind::target_changed)
      ids.insert(change.key.scenario);
  }
  return ids;
}

/// The ids that "failed@RUN" or "changed@RUN" stands for; nothing for another selector.
Result<std::set<std::string>> ids_of(const CommandContext& context, const std::string& selector) {
  const std::string name = selector.substr(selector.find('@') + 1);
  auto loaded = load_run(context, name);
  if (!loaded)
    return std::move(loaded).error();
  auto ids = selector.starts_with("failed@") ? Result<std::set<std::string>>(failed_in(loaded->run))
                                             : changed_in(context, loaded->run);
  if (ids && ids->empty()) {
    return Error{ErrorKind::usage,
                 "no scenario is selected by \"" + selector + "\": nothing " +
                     selector.substr(0, selector.find('@')) + " in run " + loaded->run.id,
                 {},
                 "relapse show " + name + " lists its results"};
  }
  return ids;
}

bool is_one_of(const Scenario& scenario, const std::set<std::string>& ids) {
  return ids.contains(scenario.id) ||
         std::any_of(scenario.aliases.begin(), scenario.aliases.end(),
                     [&](const std::string& alias) { return ids.contains(alias); });
}

}  // namespace

Result<std::vector<Scenario>> select_with_history(const CommandContext& context,
                                                  const std::vector<Scenario>& all,
                                                  std::span<const std::string> selectors) {
  std::vector<std::string> plain;
  std::set<std::string> wanted;
  for (const std::string& selector : selectors) {
    if (!selector.starts_with("failed@") && !selector.starts_with("changed@")) {
      plain.push_back(selector);
      continue;
    }
    auto ids = ids_of(context, selector);
    if (!ids)
      return std::move(ids).error();
    wanted.merge(*ids);
  }
  if (plain.size() == selectors.size())
    return select_scenarios(all, selectors);
  if (!plain.empty()) {
    auto others = select_scenarios(all, plain);
    if (!others)
      return others;
    for (const Scenario& scenario : *others)
      wanted.insert(scenario.id);
  }
  std::vector<Scenario> chosen;
  for (const Scenario& scenario : all) {
    if (is_one_of(scenario, wanted))
      chosen.push_back(scenario);
  }
  return chosen;
}

Result<void> ask_for_rerun(const CommandContext& context, const std::string& run,
                           InputRequest& request) {
  auto loaded = load_run(context, run);
  if (!loaded)
    return std::move(loaded).error();
  std::set<std::string> targets;
  for (const ScenarioResult& result : loaded->run.results) {
    const bool asked = request.targets.empty() ||
                       std::find(request.targets.begin(), request.targets.end(), result.target) !=
                           request.targets.end();
    if (asked && did_not_hold(result))
      targets.insert(result.target);
  }
  if (targets.empty())
    return {};
  request.selectors = {"failed@" + loaded->run.id};
  if (request.targets.empty())
    request.targets.assign(targets.begin(), targets.end());
  return {};
}

}  // namespace relapse
