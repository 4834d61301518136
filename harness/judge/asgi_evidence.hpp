#pragma once
#include <cstddef>
#include <optional>
#include <span>
#include <string>

#include "judge/evidence.hpp"
#include "model/scenario.hpp"
#include "model/timeline.hpp"

/// Questions about the calls of a timeline of the ASGI plane.
namespace relapse {

/// Whether there is anything of the ASGI plane, apart from the probes.
bool has_asgi_events(const Timeline& timeline);

/// From which event on an expectation of the step with this window looks, which would look from
/// `from` on. A new call on the lane begins anew. How many tasks are left is a measurement of the
/// step's own. That the call waits must be true when the step begins: a wait that ended before, by
/// a message that was fed or a send that returned, is none.
std::size_t still_in_question(const Expect& expect, std::span<const Event> events,
                              const StepWindow& window, std::size_t from);

/// Words for "nothing came" of a call: "no send() in 2 s, WAITING in receive", "nothing more:
/// RETURNED". Nothing when the lane has no call.
std::optional<std::string> describe_nothing_of_call(std::span<const Event> events,
                                                    const StepWindow& window,
                                                    const Selector& selector);

/// Whether time is exact for the lane: a call on a clock that goes ahead only when nothing else can
/// run. A deadline that passed there is no matter of speed.
bool is_exact(const Scenario& scenario, const Timeline& timeline, const std::string& lane);

/// Where the harness began to clean up behind the last step: it had noted the tasks that were left,
/// and cancelled the calls. The number of events when it did not.
std::size_t cleanup_begins(const Timeline& timeline);

}  // namespace relapse
