#include "report/matrix.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "base/text.hpp"
#include "report/view.hpp"

namespace relapse::matrix {

namespace {

struct Word {
  view::Group group;
  const char* sign;
  const char* one;
  const char* many;
};
/// The worst first.
constexpr std::array<Word, 6> words{
    {{view::Group::relapsed, "✗", "relapsed", "relapsed"},
     {view::Group::inconclusive, "?", "inconclusive", "inconclusive"},
     {view::Group::flaky, "≈", "flaky", "flaky"},
     {view::Group::known, "✗", "known relapse", "known relapses"},
     {view::Group::holds, "✓", "holds", "hold"},
     {view::Group::skipped, "–", "skipped", "skipped"}}};

}  // namespace

Matrix::Matrix(const Run& run) {
  add_columns(run);
  add_families(run);
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

void Matrix::add_families(const Run& run) {
  std::set<std::string> seen;
  std::map<std::string, std::size_t> places;
  for (const ScenarioResult* result : view::worst_first(run)) {
    if (!seen.insert(result->scenario).second)
      continue;
    const std::string family = view::family(result->scenario);
    const auto place = places.try_emplace(family, families_.size());
    if (place.second)
      families_.push_back({.name = family});
    families_[place.first->second].scenarios.push_back(result->scenario);
  }
}

const ScenarioResult* Matrix::at(const std::string& scenario, const Column& column) const {
  const Plane plane = column.planes_apart ? column.plane : Plane::wire;
  const auto found = cells_.find({scenario, {column.target, plane}});
  return found == cells_.end() ? nullptr : found->second;
}

Summary Matrix::summary(const Family& family, const Column& column) const {
  Summary summary;
  std::map<view::Group, int> counts;
  int total = 0;
  for (const std::string& scenario : family.scenarios) {
    const ScenarioResult* result = at(scenario, column);
    if (result == nullptr)
      continue;
    ++total;
    ++counts[view::group_of(*result)];
    if (summary.worst == nullptr || view::group_of(*result) < view::group_of(*summary.worst))
      summary.worst = result;
  }
  const bool all_well = total == counts[view::Group::holds] + counts[view::Group::skipped];
  std::vector<std::string> parts;
  for (const Word& word : words) {
    const int count = counts[word.group];
    if (count > 0 &&
        (all_well || (word.group != view::Group::holds && word.group != view::Group::skipped)))
      parts.push_back(std::string(word.sign) + " " + std::to_string(count) + " " +
                      (count == 1 ? word.one : word.many));
  }
  summary.text = join(parts, ", ");
  if (!all_well)
    summary.text += " of " + std::to_string(total);
  return summary;
}

}  // namespace relapse::matrix
