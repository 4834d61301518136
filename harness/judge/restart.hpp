#pragma once
#include <optional>
#include <string>

#include "model/timeline.hpp"

/// What the target calls its running self, compared. Probes all work on a target that a supervisor
/// has restarted a moment ago; only what it says of itself tells.
namespace relapse {

/// The words for a restart between two readings; nothing when both are of the same run.
std::optional<std::string> restarted(const Identified& was, const Identified& is);

/// The restart before the first step, when the last reading of the scenario before and the first of
/// this one differ. It is nobody's relapse: who caused it is among those before, and cannot be
/// told.
std::optional<std::string> restarted_before(const Timeline& timeline);

/// The restart during the replay: what was read, and the event that says so.
struct Restart {
  std::string words;
  std::uint32_t seq = 0;
};
std::optional<Restart> restarted_during(const Timeline& timeline);

}  // namespace relapse
