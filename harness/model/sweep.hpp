#pragma once
#include <vector>

#include "model/scenario.hpp"

namespace relapse {

/// The points of the scenario's sweep in rising order, both ends included; empty when it has none.
std::vector<Duration> sweep_points(const Scenario& scenario);

/// The scenario as it is replayed at one point: every pause that sweeps takes just that long.
Scenario at_point(Scenario scenario, Duration point);

}  // namespace relapse
