#pragma once
#include <compare>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/run.hpp"

namespace relapse {

/// What a result is of; under this it is followed over the nights. A renamed scenario keeps its
/// history through the aliases of its file.
struct ResultKey {
  std::string scenario{};
  std::string target{};
  Plane plane = Plane::wire;
  auto operator<=>(const ResultKey&) const = default;
};
ResultKey key_of(const ScenarioResult& result);

/// The folder of a scenario's id, "" for one that stands in none.
std::string family_of(const std::string& scenario);

/// What one stored run says of one result.
struct Night {
  std::string run{};      ///< the run's id
  std::string started{};  ///< UTC
  Outcome outcome{};
  bool known = false;       ///< listed by the target file, or acknowledged
  Duration duration{};      ///< of all attempts
  std::string version{};    ///< of the target, "" when unknown
  std::string signature{};  ///< failure_signature(); "" when it did not fail
};

/// One stored run, in short.
struct RunSummary {
  std::string id{};
  std::string started{};
  Duration duration{};
  std::string harness_version{};
  Totals totals{};
  int code = 0;  ///< exit_code()
  std::string headline{};
  /// Everything of its suite was planned and nothing cut it short: no selector, no rerun, no
  /// interruption. Only such a run is a baseline.
  bool complete = false;
  std::map<std::string, std::string> versions{};  ///< by target
};

enum class ChangeKind {
  relapsed,           ///< held in the baseline (seen through skipped and inconclusive nights)
  fails_differently,  ///< failed there too, with another signature
  new_and_failing,    ///< no earlier run knows it
  lost,               ///< ran in the baseline, is not in this run or did not run
  inconclusive,       ///< was judged in the baseline, and nothing can be said now
  flaky,              ///< failed and passed on one version of the target
  slower,             ///< more than 1.5 times the 30-night p95, and more than 100 ms
  recovered,          ///< failed in the baseline, holds now
  new_and_holding,
  target_changed,  ///< another version than in the baseline; about a target, not a result
  still_failing,   ///< failed in the baseline with the same signature
};
std::string_view to_string(ChangeKind kind);

struct Change {
  ChangeKind kind{};
  ResultKey key{};  ///< of a change of the target: only the target
  std::string title{};
  std::string signature{};      ///< of the failure, this run's, or the baseline's when recovered
  std::string text{};           ///< one sentence: "0.9 s, p95 of 30 nights 0.2 s"; "1.0 → 1.1"
  std::string last_good_run{};  ///< the last run in which it held; "" unknown
  std::string last_good_at{};   ///< its start, UTC
  std::string last_good_version{};
  std::string first_bad_run{};  ///< the first of the failing nights in a row
  std::string first_bad_at{};
  std::string first_bad_version{};
  int held_nights = 0;     ///< in a row, before the first bad one
  int failing_nights = 0;  ///< in a row, with this one
};

/// A person's word that a failure is known: what it says counts until it expires.
struct Acknowledgement {
  std::string scenario{};
  std::string target{};  ///< "" for all
  std::string reason{};
  std::string owner{};
  std::string until{};  ///< the last day on which it counts, "2026-12-01"
  std::string made{};   ///< UTC
};

/// A family of scenarios (the folder of their ids) in one run.
struct FamilyNight {
  std::string run{};
  std::string family{};
  int ran = 0, holds = 0, failing = 0, flaky = 0;
  Duration p50{}, p95{};  ///< of the results' durations
};

/// A family over one calendar week (ISO 8601), all stored runs that are complete.
struct FamilyWeek {
  std::string week{};  ///< its Monday, "2026-11-23"
  std::string family{};
  int nights = 0;
  int holds = 0, failing = 0;  ///< results, summed over the nights
};

/// One incident over everything that is stored: what a manager asks.
struct IncidentHistory {
  std::string ref{};
  Incident incident{};                   ///< as its newest scenario tells it
  std::vector<std::string> scenarios{};  ///< that guard it now; empty: retired
  std::string first_guarded{};           ///< UTC date of the first run in which all of it held
  int nights_run = 0;
  int nights_held = 0;
  std::string last_break{};  ///< UTC date; "" never
  int last_break_nights = 0;
  bool broken_now = false;
};

/// A scenario that the last stored runs knew and this one's library does not.
struct RetiredScenario {
  std::string scenario{};
  std::string last_run{};  ///< UTC date
  std::string reason{};    ///< "renamed to X", "its file is gone"
};

/// A run beside the nights before it. Everything that a report says of "since" comes from here.
struct Comparison {
  std::optional<RunSummary> baseline{};
  std::vector<Change> changes{};     ///< by kind, in the order of ChangeKind, then by signature
  std::vector<RunSummary> nights{};  ///< at most 30 before this run, the oldest first
  std::map<ResultKey, std::vector<Night>> history{};  ///< of this run's results, oldest first
  std::vector<FamilyNight> families{};                ///< of `nights` and of this run, oldest first
  std::vector<FamilyWeek> weeks{};                    ///< at most 26, oldest first
  std::vector<std::pair<std::string, int>> library{};  ///< date, number of scenarios; by week
  std::vector<IncidentHistory> incidents{};
  std::vector<RetiredScenario> retired{};
  std::vector<Acknowledgement> acknowledgements{};  ///< those that count now
  std::vector<Acknowledgement> expired{};           ///< that would apply, and count no more
  std::vector<Acknowledgement> needless{};  ///< of `acknowledgements`: all they are for holds
  std::vector<std::string> unreadable{};    ///< stored files that were skipped, and why
};

/// The changes of one kind, in their order.
std::vector<const Change*> changes_of(const Comparison& comparison, ChangeKind kind);

/// A stable name for the way in which a result failed: the claim and what was expected and
/// observed, without what differs from night to night (ports, ids, times, counters). "" when it
/// holds or was skipped.
std::string failure_signature(const ScenarioResult& result);

}  // namespace relapse
