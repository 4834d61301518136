#include <algorithm>
#include <optional>
#include <set>

#include "history/past.hpp"
#include "history/trends.hpp"

namespace relapse {
namespace {

constexpr std::size_t flaky_window = 14;
constexpr int fewest_flips = 3;
constexpr double flaky_share = 0.2;
constexpr std::size_t broken_nights = 3;
/// Of fewer nights no 95th percentile is told.
constexpr std::size_t fewest_durations = 5;
constexpr Duration slow_enough = std::chrono::milliseconds(100);
/// The history of every result up to here; of a larger run, of those with something to tell.
constexpr std::size_t most_histories = 3000;

bool is_judged(Outcome outcome) {
  return outcome == Outcome::holds || outcome == Outcome::relapsed || outcome == Outcome::flaky;
}

bool failed(Outcome outcome) {
  return outcome == Outcome::relapsed;
}

std::string nights(int count) {
  return std::to_string(count) + (count == 1 ? " night" : " nights");
}

std::string date_of(const std::string& utc) {
  return utc.substr(0, 10);
}

Duration duration_of(const ScenarioResult& result) {
  Duration sum{};
  for (const Attempt& attempt : result.attempts)
    sum += attempt.duration;
  return sum;
}

std::string version_in(const RunSummary& night, const std::string& target) {
  const auto found = night.versions.find(target);
  return found == night.versions.end() ? std::string{} : found->second;
}

/// The judged nights of one result before this run, the oldest first: what is skipped or
/// inconclusive is looked through.
std::vector<const PastResult*> judged_nights(const std::vector<PastResult>& all) {
  std::vector<const PastResult*> judged;
  for (const PastResult& one : all) {
    if (is_judged(one.outcome))
      judged.push_back(&one);
  }
  return judged;
}

/// How often failing and not failing took turns, in nights from the newest to the oldest. What
/// failed three nights in a row was broken, then mended: neither end of that is a flip, and
/// nothing flips when it goes on or has just ended.
int flips_in(const std::vector<bool>& bad) {
  int flips = 0;
  bool broken_before = false;
  for (std::size_t i = 0; i < bad.size();) {
    std::size_t end = i;
    while (end < bad.size() && bad[end] == bad[i])
      ++end;
    const bool broken = bad[i] && end - i >= broken_nights;
    if (broken && i <= 1)
      return 0;
    flips += i > 0 && !broken && !broken_before ? 1 : 0;
    broken_before = broken;
    i = end;
  }
  return flips;
}

class Comparer {
 public:
  Comparer(const Run& run, const Past& past) : run_(run), past_(past), now_(summary_of(run)) {}

  std::vector<Change> changes() {
    for (const ScenarioResult& result : run_.results)
      of_result(result);
    of_missing();
    of_targets();
    std::stable_sort(changes_.begin(), changes_.end(), [](const Change& a, const Change& b) {
      return std::tie(a.kind, a.signature, a.key) < std::tie(b.kind, b.signature, b.key);
    });
    return std::move(changes_);
  }

 private:
  const std::vector<PastResult>& earlier(const ResultKey& key) const {
    static const std::vector<PastResult> nothing;
    const auto found = past_.results.find(key);
    return found == past_.results.end() ? nothing : found->second;
  }

  const std::string& signature_of(const PastResult& result) const {
    return past_.signatures.at(result.signature);
  }

  /// The result as the baseline itself saw it; nullptr when it is not there.
  const PastResult* in_baseline(const ResultKey& key) const {
    const auto& all = earlier(key);
    const bool there = !all.empty() && all.back().night + 1 == past_.nights.size();
    return there ? &all.back() : nullptr;
  }

  Change make(ChangeKind kind, const ResultKey& key, const std::string& title) const {
    Change change;
    change.kind = kind;
    change.key = key;
    change.title = title;
    return change;
  }

  void put_good(Change& change, const PastResult& night) const {
    const RunSummary& run = past_.nights.at(night.night);
    change.last_good_run = run.id;
    change.last_good_at = run.started;
    change.last_good_version = version_in(run, change.key.target);
  }

  void put_bad(Change& change, const RunSummary& run) const {
    change.first_bad_run = run.id;
    change.first_bad_at = run.started;
    change.first_bad_version = version_in(run, change.key.target);
  }

  /// The failing nights that end with this run (or before it), the last good one and how long it
  /// had held.
  void put_streaks(Change& change, const std::vector<const PastResult*>& judged,
                   bool fails_now) const {
    std::size_t end = judged.size();
    change.failing_nights = fails_now ? 1 : 0;
    if (fails_now)
      put_bad(change, now_);
    while (end > 0 && failed(judged[end - 1]->outcome)) {
      --end;
      ++change.failing_nights;
      put_bad(change, past_.nights.at(judged[end]->night));
    }
    bool in_a_row = true;
    for (std::size_t i = end; i > 0; --i) {
      const PastResult& night = *judged[i - 1];
      if (failed(night.outcome))
        in_a_row = false;
      if (night.outcome != Outcome::holds)
        continue;
      if (change.last_good_run.empty())
        put_good(change, night);
      if (!in_a_row)
        break;
      ++change.held_nights;
    }
  }

  void of_result(const ScenarioResult& result) {
    const ResultKey key = key_of(result);
    const auto judged = judged_nights(earlier(key));
    if (!is_judged(result.outcome)) {
      of_unjudged(result, key, judged);
      return;
    }
    const std::string signature = failure_signature(result);
    const bool fails = failed(result.outcome);
    const auto flips = flips_of(result, judged);
    std::optional<ChangeKind> kind = kind_of(result, signature, judged);
    if (!fails && flips && result.outcome != Outcome::flaky)
      kind = ChangeKind::flaky;  // "recovered" would promise what it does not keep
    if (!kind && result.outcome == Outcome::holds && slower(result, key))
      kind = ChangeKind::slower;
    if (kind) {
      Change change = make(*kind, key, result.title);
      change.signature = signature;
      put_streaks(change, judged, fails);
      if (*kind == ChangeKind::recovered)
        change.signature = signature_of(*judged.back());
      change.text = text_of(change, result, judged, flips);
      changes_.push_back(std::move(change));
    }
    if (fails && flips) {
      // Beside the failure and never in its place.
      Change change = make(ChangeKind::flaky, key, result.title);
      change.signature = signature;
      put_streaks(change, judged, true);
      change.text = *flips;
      changes_.push_back(std::move(change));
    }
  }

  std::optional<ChangeKind> kind_of(const ScenarioResult& result, const std::string& signature,
                                    const std::vector<const PastResult*>& judged) const {
    if (result.outcome == Outcome::flaky)
      return ChangeKind::flaky;
    const bool fails = failed(result.outcome);
    if (judged.empty()) {
      if (fails)
        return ChangeKind::new_and_failing;
      // The first night of all is not full of news.
      return past_.nights.empty() ? std::nullopt : std::optional(ChangeKind::new_and_holding);
    }
    const PastResult& last = *judged.back();
    if (!failed(last.outcome))
      return fails ? std::optional(ChangeKind::relapsed) : std::nullopt;
    if (!fails)
      return ChangeKind::recovered;
    return signature_of(last) == signature ? ChangeKind::still_failing
                                           : ChangeKind::fails_differently;
  }

  void of_unjudged(const ScenarioResult& result, const ResultKey& key,
                   const std::vector<const PastResult*>& judged) {
    const PastResult* last = in_baseline(key);
    if (last == nullptr || !is_judged(last->outcome))
      return;
    const bool ran = !result.attempts.empty();
    Change change = make(ran ? ChangeKind::inconclusive : ChangeKind::lost, key, result.title);
    change.signature = failure_signature(result);
    put_streaks(change, judged, false);
    change.text = safe_text(result.reason, 200).str();
    changes_.push_back(std::move(change));
  }

  /// What the baseline judged and this run does not have at all. A run of a selection does not
  /// miss the rest.
  void of_missing() {
    if (!run_.whole)
      return;
    std::set<ResultKey> here;
    std::set<std::string> targets;
    for (const ScenarioResult& result : run_.results)
      here.insert(key_of(result));
    for (const TargetInfo& target : run_.targets)
      targets.insert(target.id);
    for (const auto& [key, all] : past_.results) {
      const PastResult* last = in_baseline(key);
      if (last == nullptr || !is_judged(last->outcome) || here.contains(key) ||
          !targets.contains(key.target))
        continue;
      const auto known = past_.scenarios.find(key.scenario);
      Change change =
          make(ChangeKind::lost, key, known == past_.scenarios.end() ? "" : known->second.title);
      put_streaks(change, judged_nights(all), false);
      change.text = "not part of this run";
      changes_.push_back(std::move(change));
    }
  }

  void of_targets() {
    for (const TargetInfo& target : run_.targets) {
      std::string before;
      for (const RunSummary& night : past_.nights) {
        const std::string version = version_in(night, target.id);
        before = version.empty() ? before : version;
      }
      if (before.empty() || target.version.empty() || before == target.version)
        continue;
      Change change = make(ChangeKind::target_changed, {"", target.id, Plane::wire}, target.title);
      change.text = safe_text(before, 120).str() + " → " + safe_text(target.version, 120).str();
      changes_.push_back(std::move(change));
    }
  }

  /// Failing or not on the nights up to this one, the newest first, on this version of the target.
  std::vector<bool> window_of(const ScenarioResult& result,
                              const std::vector<const PastResult*>& judged) const {
    const std::string version = version_in(now_, result.target);
    std::vector<bool> bad{failed(result.outcome)};
    for (auto night = judged.rbegin(); night != judged.rend(); ++night) {
      if (bad.size() == flaky_window ||
          version_in(past_.nights.at((*night)->night), result.target) != version)
        break;
      bad.push_back(failed((*night)->outcome));
    }
    return bad;
  }

  /// "4 changes in 14 nights on 1.0", when there were enough of them.
  std::optional<std::string> flips_of(const ScenarioResult& result,
                                      const std::vector<const PastResult*>& judged) const {
    const std::vector<bool> bad = window_of(result, judged);
    const int flips = flips_in(bad);
    if (flips < fewest_flips || flips < flaky_share * static_cast<double>(bad.size()))
      return std::nullopt;
    const std::string version = version_in(now_, result.target);
    return std::to_string(flips) + " changes in " + nights(static_cast<int>(bad.size())) +
           (version.empty() ? "" : " on " + safe_text(version, 80).str());
  }

  /// The 95th percentile of the nights shown, when there are enough of them.
  std::optional<Duration> usual(const ResultKey& key) const {
    std::vector<Duration> durations;
    const std::size_t count = past_.nights.size();
    for (const PastResult& night : earlier(key)) {
      if (night.night + nights_shown >= count && night.outcome == Outcome::holds)
        durations.push_back(night.duration);
    }
    if (durations.size() < fewest_durations)
      return std::nullopt;
    return percentile(std::move(durations), 95);
  }

  bool slower(const ScenarioResult& result, const ResultKey& key) const {
    const auto p95 = usual(key);
    const Duration now = duration_of(result);
    return p95 && now > slow_enough && now > *p95 + *p95 / 2;
  }

  std::string text_of(const Change& change, const ScenarioResult& result,
                      const std::vector<const PastResult*>& judged,
                      const std::optional<std::string>& flips) const {
    switch (change.kind) {
      case ChangeKind::relapsed:
        return change.held_nights > 0 ? "held " + nights(change.held_nights)
                                      : "held in the baseline";
      case ChangeKind::fails_differently:
        return "before: " + signature_of(*judged.back());
      case ChangeKind::still_failing:
        return "fails for " + nights(change.failing_nights) + ", since " +
               date_of(change.first_bad_at);
      case ChangeKind::recovered:
        return "failed " + nights(change.failing_nights) + ", since " +
               date_of(change.first_bad_at);
      case ChangeKind::flaky: {
        const std::string both = result.outcome == Outcome::flaky ? "failed, then passed" : "";
        return both + (!both.empty() && flips ? "; " : "") + flips.value_or("");
      }
      case ChangeKind::slower:
        return human_duration(duration_of(result)) + ", p95 of the nights before " +
               human_duration(*usual(change.key));
      default:
        return {};
    }
  }

  const Run& run_;
  const Past& past_;
  const RunSummary now_;
  std::vector<Change> changes_{};
};

Night night_of(const Past& past, const std::string& target, const PastResult& result) {
  const RunSummary& run = past.nights.at(result.night);
  return {.run = run.id,
          .started = run.started,
          .outcome = result.outcome,
          .known = result.known,
          .duration = result.duration,
          .version = version_in(run, target),
          .signature = past.signatures.at(result.signature)};
}

/// The nights shown of this run's results.
std::map<ResultKey, std::vector<Night>> histories(const Run& run, const Past& past,
                                                  const std::vector<Change>& changes) {
  std::set<ResultKey> told;
  for (const Change& change : changes)
    told.insert(change.key);
  std::map<ResultKey, std::vector<Night>> all;
  for (const ScenarioResult& result : run.results) {
    const ResultKey key = key_of(result);
    const auto found = past.results.find(key);
    const bool plain = result.outcome == Outcome::holds && !told.contains(key);
    if (found == past.results.end() || (plain && run.results.size() > most_histories))
      continue;
    std::vector<Night>& list = all[key];
    for (const PastResult& one : found->second) {
      if (one.night + nights_shown >= past.nights.size())
        list.push_back(night_of(past, key.target, one));
    }
  }
  return all;
}

}  // namespace

std::string comparable_name(const Run& run) {
  std::vector<std::string> names;
  for (const TargetInfo& target : run.targets)
    names.push_back(target.fault.empty() ? target.id : target.id + "!" + target.fault);
  std::sort(names.begin(), names.end());
  return run.suite + "|" + join(names, "|");
}

RunSummary summary_of(const Run& run) {
  RunSummary summary{.id = run.id,
                     .started = run.started,
                     .duration = run.duration,
                     .harness_version = run.harness_version,
                     .totals = totals(run),
                     .code = exit_code(run),
                     .headline = headline(run),
                     .complete = run.whole && !run.interrupted};
  for (const TargetInfo& target : run.targets)
    summary.versions[target.id] = target.version;
  return summary;
}

Comparison compare(const Run& run, const Past& past) {
  Comparison comparison;
  if (!past.nights.empty())
    comparison.baseline = past.nights.back();
  comparison.changes = Comparer(run, past).changes();
  const std::size_t shown = std::min(past.nights.size(), nights_shown);
  comparison.nights.assign(past.nights.end() - static_cast<std::ptrdiff_t>(shown),
                           past.nights.end());
  comparison.history = histories(run, past, comparison.changes);
  comparison.families = family_nights(run, past);
  comparison.weeks = family_weeks(run, past);
  comparison.library = library_sizes(run, past);
  comparison.incidents = incident_histories(run, past);
  comparison.retired = retired_scenarios(run, past);
  comparison.unreadable = past.unreadable;
  return comparison;
}

}  // namespace relapse
