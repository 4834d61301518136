#include "history/testing.hpp"

#include <chrono>
#include <cstdio>

namespace relapse::testing {
namespace {

Attempt attempt_of(Outcome outcome, const std::string& observed) {
  Attempt attempt;
  attempt.verdict.outcome = outcome;
  attempt.duration = std::chrono::milliseconds(50);
  if (outcome == Outcome::relapsed) {
    attempt.verdict.findings = {
        {.claim = "c", .outcome = outcome, .expected = "CLOSE 1000", .observed = observed}};
  }
  return attempt;
}

std::string day(std::size_t column) {
  const std::chrono::sys_days first{std::chrono::year{2026} / 1 / 1};
  const std::chrono::year_month_day date{first + std::chrono::days(column)};
  char text[16];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return text;
}

std::string version_at(const std::string& versions, std::size_t column) {
  return column < versions.size() ? std::string(1, versions[column]) : "1";
}

}  // namespace

ScenarioResult result_of(const std::string& scenario, char letter, const std::string& target) {
  ScenarioResult result;
  result.scenario = scenario;
  result.target = target;
  result.title = "title of " + scenario;
  result.incident.ref = "incident of " + scenario;
  const Attempt good = attempt_of(Outcome::holds, "");
  const Attempt bad = attempt_of(Outcome::relapsed, letter == 'G' ? "RST" : "CLOSE 1006");
  switch (letter) {
    case 'H':
      result.outcome = Outcome::holds;
      result.attempts = {good};
      break;
    case 'F':
    case 'G':
      result.outcome = Outcome::relapsed;
      result.attempts = {bad, bad};
      break;
    case 'L':
      result.outcome = Outcome::flaky;
      result.attempts = {bad, good};
      break;
    case '?':
      result.reason = "the log gave nothing";
      result.attempts = {attempt_of(Outcome::inconclusive, "")};
      break;
    case 'S':
      result.outcome = Outcome::skipped;
      result.reason = "needs the process plane";
      break;
    default:
      result.reason = "not run: interrupted";
  }
  return result;
}

Run night_run(const std::vector<Row>& rows, std::size_t column, const std::string& version) {
  Run run;
  run.started = day(column) + "T03:00:00.000Z";
  run.id = "run-" + day(column);
  run.whole = true;
  for (const Row& row : rows) {
    bool there = false;
    for (const TargetInfo& target : run.targets)
      there = there || target.id == row.target;
    if (!there)
      run.targets.push_back({.id = row.target, .version = version == "_" ? "" : version});
    if (row.nights.at(column) != '.')
      run.results.push_back(result_of(row.scenario, row.nights[column], row.target));
  }
  return run;
}

Past past_of(const std::vector<Row>& rows, const std::string& versions) {
  Past past;
  std::map<std::string, std::uint32_t> numbers{{"", 0}};
  for (std::size_t column = 0; column + 1 < rows.front().nights.size(); ++column) {
    const Run run = night_run(rows, column, version_at(versions, column));
    past.nights.push_back(summary_of(run));
    for (const ScenarioResult& result : run.results) {
      const std::string signature = failure_signature(result);
      const auto [number, added] =
          numbers.emplace(signature, static_cast<std::uint32_t>(numbers.size()));
      if (added)
        past.signatures.push_back(signature);
      Duration duration{};
      for (const Attempt& attempt : result.attempts)
        duration += attempt.duration;
      past.results[key_of(result)].push_back({.night = static_cast<std::uint32_t>(column),
                                              .signature = number->second,
                                              .outcome = result.outcome,
                                              .ran = !result.attempts.empty(),
                                              .duration = duration});
      past.scenarios[result.scenario] = {result.title, result.incident};
      past.last_seen[result.scenario] = static_cast<std::uint32_t>(column);
    }
  }
  return past;
}

Run tonight(const std::vector<Row>& rows, const std::string& versions) {
  const std::size_t last = rows.front().nights.size() - 1;
  return night_run(rows, last, version_at(versions, last));
}

}  // namespace relapse::testing
