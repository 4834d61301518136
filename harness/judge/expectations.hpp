#pragma once
#include <set>
#include <vector>

#include "match/selector.hpp"
#include "model/scenario.hpp"
#include "model/timeline.hpp"
#include "model/verdict.hpp"

namespace relapse {

/// The steps judged in order: what each expectation, start and stop found.
struct Walk {
  std::vector<Finding> findings;
  std::set<std::size_t> spoken_for;  ///< indices of events that an expectation was about
  std::set<std::size_t> fulfilling;  ///< those of them that an expectation asked for
  Variables variables;               ///< the timeline's and what was captured on the way
  bool cut_short = false;  ///< a step was inconclusive: what would have come later was not seen
};
Walk judge_steps(const Scenario& scenario, const Timeline& timeline);

}  // namespace relapse
