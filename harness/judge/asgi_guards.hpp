#pragma once
#include "judge/expectations.hpp"
#include "model/scenario.hpp"
#include "model/timeline.hpp"
#include "model/verdict.hpp"

/// The built-in claims of the ASGI plane. Both are about what an application does when it is
/// called, so neither exists for a timeline without a call.
namespace relapse {

/// The application kept to the specification.
Finding judge_protocol(const Scenario& scenario, const Timeline& timeline);

/// No exception left the application, or was lost in it, that no step expected. One that leaves a
/// call which the scenario makes as a client is in the log: guard:log judges it, as on the wire.
Finding judge_exceptions(const Scenario& scenario, const Timeline& timeline, const Walk& walk);

}  // namespace relapse
