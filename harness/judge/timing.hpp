#pragma once
#include <optional>
#include <string>

#include "judge/evidence.hpp"
#include "model/scenario.hpp"
#include "model/timeline.hpp"

/// Whether a time that was over means anything. A slow network or a loaded machine makes a deadline
/// pass without the target being at fault; what did not come in time is held against the target
/// only when the time was long enough for it and the harness was really there to see it.
///
/// The measures are events of the timeline: Paced, how fast this target answers when nothing is
/// wrong, and Delayed, how long this machine did not let the harness run.
namespace relapse {

/// Why a deadline of this step that passed says nothing about the target; nothing when it does. It
/// says nothing when more than a quarter of it was lost to the machine, or when the target's
/// shortest round trip, the worse of before and after, is more than a quarter of it.
std::optional<std::string> untimely(const Timeline& timeline, const StepWindow& window,
                                    Duration deadline);

/// The same for what happens on this machine, the exit of a process or an entry of its log: no
/// network is between it and the harness, so only the time that the machine took counts.
std::optional<std::string> stalled(const Timeline& timeline, const StepWindow& window,
                                   Duration deadline);

/// A connection that came to nothing because its time was over, not because it was refused.
bool timed_out(const ConnectFailed& failed);

/// Why a silence of this length was not fully observed; nothing when it was. It was not when more
/// than a quarter of it was lost to the machine, or when nothing could have come back yet: the
/// round trip is longer than the silence.
std::optional<std::string> unobserved_silence(const Timeline& timeline, const StepWindow& window,
                                              Duration silence);

/// The event that excuses a replay which missed a deadline: the Delayed that the machine took from
/// it, or the Paced that made it too short. Nothing when no deadline was missed, or when it was
/// fair.
std::optional<Payload> excuse(const Scenario& scenario, const Timeline& timeline);

/// Why a probe that failed says nothing about the target: the event right before its Probed, on the
/// same lane, is the Delayed or the Paced that made it miss its deadline.
std::optional<std::string> untimely_probe(const Timeline& timeline, std::size_t index);

/// The time that the machine took from the harness within the window.
Duration lateness(const Timeline& timeline, const StepWindow& window);

/// The shortest time from something that was sent to what came next on the same connection; nothing
/// when no answer came. A message is no answer when several came after one that was sent: the first
/// may have been on its way already.
std::optional<Duration> shortest_round_trip(const Timeline& timeline);

}  // namespace relapse
