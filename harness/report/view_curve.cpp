#include <algorithm>
#include <map>

#include "base/text.hpp"
#include "model/conclude.hpp"
#include "report/view.hpp"

namespace relapse::view {

namespace {

constexpr std::size_t most_signs = 50;
constexpr std::size_t most_rates = 6;

/// The worst first, as verdicts are put together.
constexpr Outcome by_weight[] = {Outcome::relapsed, Outcome::inconclusive, Outcome::flaky,
                                 Outcome::holds};

std::string sign(Outcome outcome) {
  const std::string_view text = badge(outcome);
  return std::string(text.substr(0, text.find(' ')));
}

}  // namespace

std::vector<CurvePoint> curve(const ScenarioResult& result) {
  std::vector<Duration> points;
  for (const Attempt& attempt : result.attempts) {
    if (attempt.swept)
      points.push_back(*attempt.swept);
  }
  std::ranges::sort(points);
  points.erase(std::ranges::unique(points).begin(), points.end());
  if (points.empty())
    return {};
  std::vector<CurvePoint> curve;
  for (const Tally& tally : tallies(result.attempts, points, !result.disturbed_by.empty()))
    curve.push_back({.at = *tally.point,
                     .held = tally.held,
                     .relapsed = tally.relapsed,
                     .inconclusive = tally.inconclusive,
                     .outcome = outcome_at(tally, result.repeat)});
  return curve;
}

std::string curve_text(const std::vector<CurvePoint>& curve) {
  if (curve.empty())
    return {};
  const std::size_t bucket = (curve.size() + most_signs - 1) / most_signs;
  std::string signs;
  for (std::size_t i = 0; i < curve.size(); i += bucket) {
    const auto first = curve.begin() + static_cast<std::ptrdiff_t>(i);
    const auto last =
        curve.begin() + static_cast<std::ptrdiff_t>(std::min(i + bucket, curve.size()));
    for (const Outcome outcome : by_weight) {
      if (std::find_if(first, last, [&](const CurvePoint& p) { return p.outcome == outcome; }) !=
          last) {
        signs += sign(outcome);
        break;
      }
    }
  }
  std::string text = point_text(curve.front().at) + " " + signs + " " + point_text(curve.back().at);
  if (bucket > 1)
    text += "  (" + std::to_string(bucket) + " points a sign)";
  return text;
}

std::string curve_summary(const std::vector<CurvePoint>& curve) {
  std::map<Outcome, int> counts;
  for (const CurvePoint& point : curve)
    ++counts[point.outcome];
  std::string text = std::to_string(counts[Outcome::holds]) + " of " +
                     std::to_string(curve.size()) + " points hold";
  for (const Outcome outcome : by_weight) {
    if (outcome != Outcome::holds && counts[outcome] > 0)
      text += ", " + std::to_string(counts[outcome]) + " " + std::string(to_string(outcome));
  }
  return text;
}

std::string curve_rates(const std::vector<CurvePoint>& curve) {
  std::vector<std::string> rates;
  std::size_t more = 0;
  for (const CurvePoint& point : curve) {
    if (point.outcome == Outcome::holds)
      continue;
    if (rates.size() < most_rates)
      rates.push_back(point_text(point.at) + ": " + std::to_string(point.held) + " of " +
                      std::to_string(point.judged()));
    else
      ++more;
  }
  return join(rates, ", ") + (more > 0 ? ", and " + std::to_string(more) + " more" : "");
}

std::string over_all(const ScenarioResult& result) {
  const Attempt* attempt = result.deciding();
  return attempt != nullptr && attempt->verdict.reason == result.reason
             ? std::string{}
             : safe_text(result.reason, 600).str();
}

std::string attempt_status(const ScenarioResult& result, const Attempt& attempt) {
  if (!counts(attempt, !result.disturbed_by.empty()))
    return "disturbed by " + safe_text(result.disturbed_by, 200).str();
  return std::string(badge(attempt.verdict.outcome));
}

}  // namespace relapse::view
