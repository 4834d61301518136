#pragma once
#include <optional>
#include <string>
#include <vector>

#include "drive/recorder.hpp"
#include "engine/stage.hpp"

namespace relapse {

/// A replay that held on a shared process.
struct Predecessor {
  Replay replay{};
  Clock::time_point ended{};
};

/// A replay that did not hold on a shared process, and what had run there before it.
struct Disturbance {
  Replay victim{};
  Clock::time_point began{};
  Clock::time_point ended{};
  std::vector<Predecessor> before{};
};

/// Whether the attempt says that something was wrong with the scenario or its target; the harness
/// failing, or an interruption, does not.
bool went_wrong(const Attempt& attempt);

/// What the search for a culprit found.
struct Blame {
  std::optional<Replay> culprit{};
  /// The culprit's replay with the victim's as one more liveness probe, which fails; nothing when
  /// the culprit makes no claim of liveness.
  std::optional<Attempt> evidence{};
  std::string account{};  ///< what was tried and what it showed, for the victim's reason
};

/// Replays what ran before the victim on fresh processes, ever fewer of it, each time followed by
/// the victim, until the one that spoils the process for it is found:
///
///   search -> the victim once more without the culprit (must hold) -> the evidence (must not)
///
/// Bounded in replays (culprit_search.hpp) and in time.
asio::awaitable<Blame> find_culprit(Stage& stage, Disturbance disturbance);

}  // namespace relapse
