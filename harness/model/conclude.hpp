#pragma once
#include <optional>
#include <string>
#include <vector>

#include "model/run.hpp"

/// From the attempts of one scenario on one target to what they amount to.
///
///   attempts -> one tally for each point of the sweep -> an outcome for each point -> the outcome
///
/// A scenario without a sweep has one point.
namespace relapse {

/// How the replays at one point went. An inconclusive one says nothing beside `times` that say
/// something: it was repeated.
struct Tally {
  std::optional<Duration> point{};  ///< nullopt: the scenario has no sweep
  int held = 0;
  int relapsed = 0;
  int inconclusive = 0;
  /// One of the replays spoilt the target for a later scenario: that the others held means only
  /// that nobody looked.
  bool spoilt = false;
  int judged() const { return held + relapsed; }
};

/// The probe in whose place a later scenario was replayed: "then lifecycle/other".
inline constexpr const char* then_probe = "then ";

/// One tally for each point, in their order; one alone when there are none. What was seen on a
/// shared process that another scenario had spoilt (`disturbed`) is left out.
std::vector<Tally> tallies(const std::vector<Attempt>& attempts,
                           const std::vector<Duration>& points, bool disturbed);

/// holds: as many as wanted were judged, and all held. flaky: enough of them held, and one did
/// not. relapsed: too few can hold, whatever the missing ones would have shown. Otherwise
/// inconclusive: the missing ones could make the difference.
Outcome outcome_at(const Tally& tally, const Repeat& repeat);

/// What decides whether a scenario is replayed once more.
struct ReplayRules {
  int retries = 1;               ///< of an inconclusive replay; of a relapse of a single one
  bool confirm_relapses = true;  ///< a single replay that relapsed is repeated
};
/// Whether one more replay at this point could change what is said of it. `last` is the outcome of
/// the latest replay there.
bool wants_another(const Tally& tally, Outcome last, const Repeat& repeat,
                   const ReplayRules& rules);

/// A verdict over all points: relapsed, inconclusive, flaky, holds, the first that one point shows.
struct Conclusion {
  Outcome outcome = Outcome::inconclusive;
  std::string reason{};
  bool operator==(const Conclusion&) const = default;
};
/// Looks at the attempts, the repeat and disturbed_by of the result, and at nothing else.
Conclusion conclude(const ScenarioResult& result, const std::vector<Duration>& points);

/// Which attempts count: an attempt on a shared process that did not hold says nothing of a
/// scenario that was disturbed there.
bool counts(const Attempt& attempt, bool disturbed);

/// "40 ms", "0.25 ms", "12.5 s": exact to the microsecond, so that neighbouring points differ.
std::string point_text(Duration point);
/// "relapsed at 3 of 11 points: 40 ms to 80 ms": the points with that outcome, neighbours joined.
std::string points_text(const std::vector<Tally>& tallies, const Repeat& repeat, Outcome outcome);

}  // namespace relapse
