#include "report/sample_run.hpp"

namespace relapse::testing {

namespace {

using std::chrono::milliseconds;

Attempt attempt(Outcome outcome, std::optional<Duration> point, bool alone) {
  TimelineBuilder builder;
  builder.step(0).add(1, upgrade_request("/ws")).end_step();
  builder.step(1).add(2, response(101, "Switching Protocols")).end_step(outcome == Outcome::holds);
  Attempt made;
  made.swept = point;
  made.alone = alone;
  made.duration = milliseconds(20);
  made.timeline = std::move(builder.timeline);
  made.verdict.outcome = outcome;
  if (outcome == Outcome::relapsed) {
    made.verdict.reason = "step 2: expected CLOSE 1000, observed RST";
    made.verdict.findings.push_back({.claim = "step 2",
                                     .kind = ClaimKind::expectation,
                                     .outcome = outcome,
                                     .expected = "CLOSE 1000",
                                     .observed = "RST",
                                     .evidence = {5},
                                     .at = {"scenarios/ws/leaves.json", 9, 5}});
  }
  return made;
}

ScenarioResult result(std::string id, std::string title, Outcome outcome, std::string reason) {
  ScenarioResult made;
  made.scenario = std::move(id);
  made.target = "staging";
  made.title = std::move(title);
  made.incident = {.ref = "issue #1", .seen = "2025-09-11", .story = "s", .evidence = "e"};
  made.at = {"scenarios/ws/leaves.json", 0, 0};
  made.outcome = outcome;
  made.reason = std::move(reason);
  return made;
}

}  // namespace

Run swept_run() {
  Run run;
  run.id = "20261122T031207Z-3fa1c2";
  run.started = "2026-11-22T03:12:07.193Z";
  run.harness_version = "0.1.0";
  run.targets.push_back({.id = "staging", .title = "Staging"});
  ScenarioResult swept =
      result("ws/leaves", "A client may leave at any moment of the reply", Outcome::relapsed,
             "relapsed at 2 of 6 points: 40 ms to 60 ms; at 40 ms: held 0 of 2, needs 1: step 2: "
             "expected CLOSE 1000, observed RST");
  swept.repeat = {2, 1};
  const char* letters[] = {"hh", "hh", "rr", "rr", "hr", "i"};
  for (int i = 0; i < 6; ++i) {
    for (const char* letter = letters[i]; *letter != 0; ++letter)
      swept.attempts.push_back(attempt(*letter == 'h'   ? Outcome::holds
                                       : *letter == 'r' ? Outcome::relapsed
                                                        : Outcome::inconclusive,
                                       milliseconds(20 * i), *letter == 'r'));
  }
  ScenarioResult disturbed = result("ws/other", "Another one", Outcome::holds,
                                    "disturbed by ws/leaves on the process that both shared");
  disturbed.disturbed_by = "ws/leaves";
  disturbed.attempts = {attempt(Outcome::relapsed, std::nullopt, false),
                        attempt(Outcome::holds, std::nullopt, true)};
  run.results = {std::move(swept), std::move(disturbed)};
  return run;
}

}  // namespace relapse::testing
