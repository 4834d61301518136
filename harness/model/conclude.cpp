#include "model/conclude.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "base/text.hpp"

namespace relapse {

namespace {

bool spoilt_a_later_one(const Attempt& attempt) {
  return std::ranges::any_of(attempt.timeline.events, [](const Event& event) {
    const auto* probe = std::get_if<Probed>(&event.payload);
    return probe != nullptr && !probe->before && !probe->ok && probe->name.starts_with(then_probe);
  });
}

void count(Tally& tally, const Attempt& attempt) {
  switch (attempt.verdict.outcome) {
    case Outcome::holds:
      ++tally.held;
      break;
    case Outcome::relapsed:
      ++tally.relapsed;
      tally.spoilt = tally.spoilt || spoilt_a_later_one(attempt);
      break;
    case Outcome::inconclusive:
    case Outcome::skipped:
    case Outcome::flaky:
      ++tally.inconclusive;
      break;
  }
}

int missing(const Tally& tally, const Repeat& repeat) {
  return std::max(0, repeat.times - tally.judged());
}

/// Too few can hold. A replay beyond those that were wanted, made to see a relapse alone, is no
/// further chance to hold.
bool too_many_relapsed(const Tally& tally, const Repeat& repeat) {
  return tally.held + missing(tally, repeat) < repeat.at_least ||
         (repeat.times > 1 && tally.relapsed > repeat.times - repeat.at_least);
}

/// No further replay can make it anything but flaky, or anything but relapsed.
bool settled(const Tally& tally, const Repeat& repeat) {
  const bool enough = tally.held >= repeat.at_least && tally.relapsed > 0;
  return enough || too_many_relapsed(tally, repeat);
}

/// The reason of the attempt at this point that shows the outcome best.
std::string attempt_reason(const ScenarioResult& result, const Tally& tally, Outcome outcome) {
  const Outcome wanted = outcome == Outcome::flaky ? Outcome::relapsed : outcome;
  std::string reason;
  for (const Attempt& attempt : result.attempts) {
    if (attempt.swept != tally.point || attempt.verdict.outcome != wanted ||
        !counts(attempt, !result.disturbed_by.empty()))
      continue;
    if (reason.empty() || (tally.spoilt && spoilt_a_later_one(attempt)))
      reason = attempt.verdict.reason;
  }
  return reason;
}

/// "held 3 of 10, needs 8"; says so when not all of them ran.
std::string count_text(const Tally& tally, const Repeat& repeat, Outcome outcome) {
  const std::string times = std::to_string(repeat.times);
  const std::string least = std::to_string(repeat.at_least);
  const std::string held = "held " + std::to_string(tally.held) + " of ";
  const int open = missing(tally, repeat);
  if (tally.judged() > repeat.times)
    return held + std::to_string(tally.judged()) + ", needs " + least + " of " + times +
           " (one more was replayed to see it alone)";
  if (open == 0)
    return held + times + ", needs " + least;
  if (outcome != Outcome::inconclusive)
    return held + std::to_string(tally.judged()) + ", needs " + least + " of " + times +
           " (the others could not change that and were not replayed)";
  std::string text = held + times;
  if (tally.inconclusive > 0)
    text += ", " + std::to_string(tally.inconclusive) + " inconclusive";
  if (open > tally.inconclusive)
    text += ", " + std::to_string(open - tally.inconclusive) + " not replayed";
  return text + ", needs " + least;
}

std::string point_reason(const ScenarioResult& result, const Tally& tally, Outcome outcome) {
  std::string reason = attempt_reason(result, tally, outcome);
  if (outcome == Outcome::holds || tally.spoilt)
    return reason;
  if (result.repeat.times > 1) {
    const std::string counted = count_text(tally, result.repeat, outcome);
    return reason.empty() ? counted : counted + ": " + reason;
  }
  return reason.empty() && tally.judged() + tally.inconclusive == 0 ? "not replayed" : reason;
}

}  // namespace

bool counts(const Attempt& attempt, bool disturbed) {
  return !disturbed || attempt.alone || attempt.verdict.outcome == Outcome::holds;
}

std::vector<Tally> tallies(const std::vector<Attempt>& attempts,
                           const std::vector<Duration>& points, bool disturbed) {
  std::vector<Tally> all(std::max<std::size_t>(points.size(), 1));
  for (std::size_t i = 0; i < points.size(); ++i)
    all[i].point = points[i];
  for (const Attempt& attempt : attempts) {
    const auto found = std::ranges::find(all, attempt.swept, &Tally::point);
    if (found != all.end() && counts(attempt, disturbed))
      count(*found, attempt);
  }
  return all;
}

Outcome outcome_at(const Tally& tally, const Repeat& repeat) {
  if (tally.spoilt)
    return Outcome::relapsed;
  if (missing(tally, repeat) == 0 && tally.relapsed == 0)
    return Outcome::holds;
  if (too_many_relapsed(tally, repeat))
    return Outcome::relapsed;
  if (tally.held >= repeat.at_least && tally.relapsed > 0)
    return Outcome::flaky;
  return Outcome::inconclusive;
}

bool wants_another(const Tally& tally, Outcome last, const Repeat& repeat,
                   const ReplayRules& rules) {
  const int replays = tally.judged() + tally.inconclusive;
  if (replays == 0)
    return true;
  if (repeat.times == 1) {
    const bool again =
        last == Outcome::inconclusive || (last == Outcome::relapsed && rules.confirm_relapses);
    return again && replays <= rules.retries;
  }
  // A target that cannot be judged even once is not tried a thousand times.
  if (tally.judged() == 0 && tally.inconclusive > rules.retries)
    return false;
  return missing(tally, repeat) > 0 && replays < repeat.times + rules.retries &&
         !settled(tally, repeat);
}

std::string point_text(Duration point) {
  const bool small = point < std::chrono::seconds{10};
  const auto micros = point.count() / 1'000;
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%.*f", small ? 3 : 6,
                static_cast<double>(micros) / (small ? 1e3 : 1e6));
  std::string number = text.data();
  number.erase(number.find_last_not_of('0') + 1);
  if (number.back() == '.')
    number.pop_back();
  return number + (small ? " ms" : " s");
}

std::string points_text(const std::vector<Tally>& tallies, const Repeat& repeat, Outcome outcome) {
  std::vector<std::string> ranges;
  std::size_t found = 0;
  for (std::size_t i = 0; i < tallies.size(); ++i) {
    if (outcome_at(tallies[i], repeat) != outcome)
      continue;
    const std::size_t first = i;
    while (i + 1 < tallies.size() && outcome_at(tallies[i + 1], repeat) == outcome)
      ++i;
    found += i - first + 1;
    std::string range = point_text(tallies[first].point.value_or(Duration{}));
    if (i > first)
      range += " to " + point_text(tallies[i].point.value_or(Duration{}));
    ranges.push_back(std::move(range));
  }
  return std::string(to_string(outcome)) + " at " + std::to_string(found) + " of " +
         std::to_string(tallies.size()) + " points: " + join(ranges, ", ");
}

Conclusion conclude(const ScenarioResult& result, const std::vector<Duration>& points) {
  const std::vector<Tally> all = tallies(result.attempts, points, !result.disturbed_by.empty());
  for (const Outcome outcome : {Outcome::relapsed, Outcome::inconclusive, Outcome::flaky}) {
    const auto found = std::ranges::find_if(
        all, [&](const Tally& tally) { return outcome_at(tally, result.repeat) == outcome; });
    if (found == all.end())
      continue;
    const std::string reason = point_reason(result, *found, outcome);
    if (points.empty())
      return {outcome, reason};
    return {outcome, points_text(all, result.repeat, outcome) + "; at " +
                         point_text(*found->point) + ": " + reason};
  }
  return {Outcome::holds, point_reason(result, all.front(), Outcome::holds)};
}

}  // namespace relapse
