#include "report/matrix.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "base/text.hpp"
#include "report/view.hpp"

namespace relapse::matrix {

namespace {

std::string folder_of(const std::string& scenario) {
  const std::size_t slash = scenario.rfind('/');
  return slash == std::string::npos ? std::string() : scenario.substr(0, slash);
}

/// "headers" and "missing" of "a/b/headers.missing"; both empty when the id has not that form. A
/// key may hold dots itself: the kind is behind the last.
std::pair<std::string, std::string> key_and_kind(const std::string& scenario) {
  const std::size_t slash = scenario.rfind('/');
  const std::string last = slash == std::string::npos ? scenario : scenario.substr(slash + 1);
  const std::size_t dot = last.rfind('.');
  if (dot == std::string::npos || dot == 0 || dot + 1 == last.size())
    return {};
  return {last.substr(0, dot), last.substr(dot + 1)};
}

Grid grid_of(const std::vector<std::string>& scenarios) {
  Grid grid;
  std::set<std::string> keys;
  std::set<std::string> kinds;
  for (const std::string& scenario : scenarios) {
    const auto place = key_and_kind(scenario);
    if (place.first.empty() || !grid.scenarios.emplace(place, scenario).second)
      return {};
    keys.insert(place.first);
    kinds.insert(place.second);
  }
  grid.keys.assign(keys.begin(), keys.end());
  grid.kinds.assign(kinds.begin(), kinds.end());
  return grid;
}

struct Word {
  view::Group group;
  const char* one;
  const char* many;
};
constexpr std::array<Word, 6> words{{{view::Group::holds, "holds", "hold"},
                                     {view::Group::relapsed, "relapsed", "relapsed"},
                                     {view::Group::inconclusive, "inconclusive", "inconclusive"},
                                     {view::Group::flaky, "flaky", "flaky"},
                                     {view::Group::known, "known relapse", "known relapses"},
                                     {view::Group::skipped, "skipped", "skipped"}}};

}  // namespace

Matrix::Matrix(const Run& run) {
  add_columns(run);
  add_lines(run);
}

void Matrix::add_columns(const Run& run) {
  std::vector<std::string> targets;
  std::map<std::string, std::map<std::string, std::set<Plane>>> planes;
  for (const ScenarioResult& result : run.results) {
    if (std::ranges::find(targets, result.target) == targets.end())
      targets.push_back(result.target);
    planes[result.target][result.scenario].insert(result.plane);
  }
  for (const std::string& target : targets) {
    std::set<Plane> seen;
    bool apart = false;
    for (const auto& [scenario, here] : planes[target]) {
      seen.insert(here.begin(), here.end());
      apart = apart || here.size() > 1;
    }
    for (const Plane plane : seen) {
      const bool asgi = plane == Plane::asgi && (apart || seen.size() == 1);
      columns_.push_back({target, target + (asgi ? " [asgi]" : ""), apart, plane});
      if (!apart)
        break;
    }
  }
  for (const ScenarioResult& result : run.results) {
    const auto column = std::ranges::find(columns_, result.target, &Column::target);
    const Plane plane = column->planes_apart ? result.plane : Plane::wire;
    cells_.try_emplace({result.scenario, {result.target, plane}}, &result);
  }
}

void Matrix::add_lines(const Run& run) {
  std::vector<std::string> scenarios;
  std::set<std::string> seen;
  std::map<std::string, std::vector<std::string>> folders;
  for (const ScenarioResult* result : view::worst_first(run)) {
    if (!seen.insert(result->scenario).second)
      continue;
    scenarios.push_back(result->scenario);
    if (const std::string folder = folder_of(result->scenario); !folder.empty())
      folders[folder].push_back(result->scenario);
  }
  scenarios_ = scenarios.size();
  std::set<std::string> folded;
  for (const std::string& scenario : scenarios) {
    const std::string folder = folder_of(scenario);
    const auto members = folders.find(folder);
    if (members == folders.end() || members->second.size() <= most_of_folder)
      lines_.push_back({.name = scenario});
    else if (folded.insert(folder).second)
      lines_.push_back({folder, members->second, grid_of(members->second)});
  }
}

const ScenarioResult* Matrix::at(const std::string& scenario, const Column& column) const {
  const Plane plane = column.planes_apart ? column.plane : Plane::wire;
  const auto found = cells_.find({scenario, {column.target, plane}});
  return found == cells_.end() ? nullptr : found->second;
}

Summary Matrix::summary(const Line& folder, const Column& column) const {
  Summary summary;
  std::map<view::Group, int> counts;
  for (const std::string& scenario : folder.scenarios) {
    const ScenarioResult* result = at(scenario, column);
    if (result == nullptr)
      continue;
    ++counts[view::group_of(*result)];
    if (summary.worst == nullptr || view::group_of(*result) < view::group_of(*summary.worst))
      summary.worst = result;
  }
  std::vector<std::string> parts;
  for (const Word& word : words) {
    const int count = counts[word.group];
    if (count > 0)
      parts.push_back(std::to_string(count) + " " + (count == 1 ? word.one : word.many));
  }
  summary.text = join(parts, ", ");
  return summary;
}

}  // namespace relapse::matrix
