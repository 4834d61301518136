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

/// No exception left the application, or was lost in it, that no step expected.
Finding judge_exceptions(const Timeline& timeline, const Walk& walk);

}  // namespace relapse
