#include "model/history.hpp"

#include <array>

namespace relapse {

ResultKey key_of(const ScenarioResult& result) {
  return {result.scenario, result.target, result.plane};
}

std::string family_of(const std::string& scenario) {
  const std::size_t slash = scenario.rfind('/');
  return slash == std::string::npos ? std::string{} : scenario.substr(0, slash);
}

std::string_view to_string(ChangeKind kind) {
  constexpr std::array<std::string_view, 11> names{
      "relapsed", "fails differently", "new and failing", "lost",           "inconclusive", "flaky",
      "slower",   "recovered",         "new and holding", "target changed", "still failing"};
  return names.at(static_cast<std::size_t>(kind));
}

std::vector<const Change*> changes_of(const Comparison& comparison, ChangeKind kind) {
  std::vector<const Change*> found;
  for (const Change& change : comparison.changes) {
    if (change.kind == kind)
      found.push_back(&change);
  }
  return found;
}

}  // namespace relapse
