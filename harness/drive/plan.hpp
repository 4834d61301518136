#pragma once
#include <string>

#include "codec/http1.hpp"
#include "drive/instance.hpp"
#include "match/selector.hpp"
#include "model/scenario.hpp"

namespace relapse {

/// A scenario bound to one running target: every ${...} but captures resolved.
struct Plan {
  Scenario scenario;
  Variables variables;  ///< for the timeline, which is redacted with its events
  RequestDefaults defaults;
  Plane plane = Plane::wire;
};
Result<Plan> make_plan(const Scenario& scenario, Instance& instance);

/// Steps that are not a scenario of their own (a probe), planned in the same way.
Result<Plan> make_probe_plan(const Probe& probe, Instance& instance);

}  // namespace relapse
