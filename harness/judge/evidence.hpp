#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "model/event.hpp"
#include "model/scenario.hpp"
#include "model/timeline.hpp"

/// Questions about a timeline that several parts of the judge ask.
namespace relapse {

/// Why the replay could show nothing; nothing when it could.
std::optional<std::string> cannot_judge(const Scenario& scenario, const Timeline& timeline);

/// The log was seen alive after the last step, or was read to its end.
bool log_observed(const Timeline& timeline);
/// The target has a log source whose life was to be shown by marks. Lines alone are a launched
/// process's output, which is on record without being declared a log.
bool has_log(const Timeline& timeline);
/// A built-in fault signature, or one of the target's own that travelled with the timeline.
bool shows_fault(const LogLine& line, const Timeline& timeline);

/// Recordings have no step marks: their steps are found by order alone.
bool has_step_marks(const Timeline& timeline);

/// Events that were counted and not kept, because the record was full; 0: the record is whole.
std::uint64_t left_out(const Timeline& timeline);
/// Index of the event that marks where the record became full, or the number of events.
std::size_t full_at(const Timeline& timeline);

/// Whether it was the target's talk on this connection that filled the record while an expectation
/// waited from events[from] on: more than half of all that is kept of wire and log.
///
/// An expectation says that one message is due. A target that instead sends more than a record
/// holds has not kept to that, on evidence: thousands of events, none of which was the one. So the
/// expectation is false, with `skip` too, which steps over what a record can hold and no more
/// (FORMAT.md). When something else filled the record (the log, another connection), nothing on
/// this connection speaks against the target, and what was left out may have held the message:
/// that is inconclusive.
bool was_flooded(const Timeline& timeline, const std::string& lane, std::size_t from);

/// Where the events of a step stand: from its StepStarted to its StepEnded, or the number of
/// events. Between them there may be events of steps that ran beside it.
struct StepWindow {
  bool reached = false;
  std::size_t begin = 0;
  std::size_t end = 0;
  int step = -1;  ///< -1: there are no marks, and every event is in question

  bool holds(const Event& event) const { return step < 0 || event.step == step; }
};
/// Of the steps 0 to count - 1.
std::vector<StepWindow> windows_of(std::span<const Event> events, std::size_t count);

/// The wait of this step was ended from outside (an interruption, the scenario's budget), before
/// its own deadline: what did not come might still have come.
bool was_cut_off(const Timeline& timeline, const StepWindow& window);

/// Words for "nothing came": hang, open, refused, or how the target's process ended.
std::string describe_nothing(std::span<const Event> events, const StepWindow& window,
                             const std::string& lane);

}  // namespace relapse
