#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "model/timeline.hpp"
#include "model/verdict.hpp"

namespace relapse {

/// Where a timeline stands among those of a stored run, in octets.
struct StoredTimeline {
  std::uint64_t at = 0;
  std::uint64_t size = 0;
  bool operator==(const StoredTimeline&) const = default;
};

/// Fetches a timeline that was left where it is stored; an error when it is not there (any more).
using TimelineSource = std::function<Result<Timeline>(const StoredTimeline&)>;

/// One replay of one scenario on one target.
struct Attempt {
  Timeline timeline{};
  /// Set while the timeline has not been fetched: `timeline` is empty then.
  std::optional<StoredTimeline> elsewhere{};
  Verdict verdict{};
  Duration duration{};
  bool alone = false;               ///< on a target process that no other scenario used
  std::optional<Duration> swept{};  ///< the point of the scenario's sweep
};

/// One scenario on one target: the attempts and what they amount to. Carries what a report needs to
/// know of the scenario, so that a stored run needs no scenario file.
struct ScenarioResult {
  std::string scenario{};
  std::string target{};
  std::string fault{};  ///< switched on in the target for this replay, "" normally
  Plane plane = Plane::wire;
  std::string title{};
  Incident incident{};
  std::vector<std::string> tags{};
  std::vector<std::string> aliases{};  ///< earlier ids, so that history survives a rename
  SourceRef at{};
  std::string digest{};
  std::vector<std::string> step_texts{};  ///< describe(step), by index
  std::vector<int> step_lines{};          ///< line in the scenario file, by index; 0: in a fragment
  /// "step 3.2 (2 of 5)", by index; empty when they are just numbered.
  std::vector<std::string> step_labels{};

  /// What reports call the step.
  std::string step_label(int index) const;
  Outcome outcome = Outcome::inconclusive;
  std::string reason{};
  bool known = false;  ///< relapsed as the target file's `known` says it would
  std::string known_reason{};
  /// By whom and until when, when it is known through an acknowledgement and not the target file.
  std::string known_owner{};
  std::string known_until{};
  /// The scenario that damaged the process which both shared: what was seen there is its doing.
  std::string disturbed_by{};
  /// A fault that the log told while this was replayed, late, so that it belongs to some session
  /// before: to the run and to no scenario in particular.
  std::string late_fault{};
  Repeat repeat{};
  std::vector<Attempt> attempts{};

  /// The attempt that decided; nullptr when the scenario was skipped.
  const Attempt* deciding() const;
};

/// What stands in `disturbed_by` when no scenario but a late fault in the log was in the way.
inline constexpr const char* told_late = "a fault that the log told late";

struct TargetInfo {
  std::string id{};
  std::string title{};
  std::string address{};
  std::string version{};  ///< what its version command printed, "" when unknown
  std::string fault{};    ///< the fault switched on for this run, "" normally
  /// TLS without verification: whoever answered may not have been the target.
  bool tls_unverified = false;
};

/// What every report says of such a target.
inline constexpr const char* tls_unverified_text = "TLS certificate NOT verified";

struct Run {
  std::string id{};       ///< "20261122T031207Z-3fa1c2"
  std::string started{};  ///< UTC
  Duration duration{};
  std::string harness_version{};
  std::vector<std::string> command{};
  bool interrupted = false;
  /// Everything was selected: no selector, no --exclude, no --rerun, no --shard. With no
  /// interruption, such a run can be what later ones are compared with.
  bool whole = false;
  /// Runs are compared only within one suite: "" normally, "plane asgi" when that was asked for.
  std::string suite{};
  /// How often each rule of redaction replaced something in what was captured.
  std::map<std::string, long> redactions{};
  std::vector<TargetInfo> targets{};
  std::vector<ScenarioResult> results{};
};

/// Counts over a run, made once; every output shows these numbers.
///
///   planned       every result
///   ran           results with at least one attempt
///   relapsed      relapses that the target file does not list as known
///   known         relapses that it does list
///   inconclusive  with or without an attempt
///   late_faults   results during which the log told a fault late; not a kind of result
struct Totals {
  int planned = 0, ran = 0, holds = 0, relapsed = 0, known = 0, inconclusive = 0, skipped = 0,
      flaky = 0, late_faults = 0;
};
Totals totals(const Run& run);

/// Exit code of a run, the first that applies: 1 a fix does not hold (and the target file does not
/// say so), 130 interrupted, 3 something is inconclusive, 4 nothing ran, 0 otherwise.
int exit_code(const Run& run);

/// The verdict over all: "HOLDS", "RELAPSED: 3 fixes no longer hold", "INCONCLUSIVE: ...",
/// "INTERRUPTED: ...". Never "HOLDS" unless exit_code is 0; says so when flaky or known relapses or
/// late faults are among what held.
std::string headline(const Run& run);

/// How to run one result again: "relapse run ID -t TARGET [--fault NAME] [--plane asgi]
/// -v".
std::string rerun_command(const ScenarioResult& result);

/// Format version 1; holds every timeline. (Stored runs have version 2, see run_json.hpp.)
Json to_json(const Run& run);
Result<Run> run_from_json(const Json& json);

}  // namespace relapse
