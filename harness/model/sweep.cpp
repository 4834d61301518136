#include "model/sweep.hpp"

#include <algorithm>

namespace relapse {

std::vector<Duration> sweep_points(const Scenario& scenario) {
  std::vector<Duration> points;
  for (const Step& step : scenario.steps) {
    const auto* pause = std::get_if<Pause>(&step.action);
    if (pause == nullptr || !pause->sweep)
      continue;
    const Sweep& sweep = *pause->sweep;
    const int gaps = std::max(sweep.points - 1, 1);
    // Quotient and remainder apart: an hour in nanoseconds times a thousand points would just fit,
    // a day would not.
    const auto span = (sweep.to - sweep.from).count();
    for (int i = 0; i <= gaps; ++i)
      points.push_back(sweep.from + Duration{span / gaps * i + span % gaps * i / gaps});
    break;
  }
  return points;
}

Scenario at_point(Scenario scenario, Duration point) {
  for (Step& step : scenario.steps) {
    auto* pause = std::get_if<Pause>(&step.action);
    if (pause != nullptr && pause->sweep)
      *pause = Pause{point, std::nullopt};
  }
  return scenario;
}

}  // namespace relapse
