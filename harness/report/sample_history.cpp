#include "report/sample_history.hpp"

#include <array>
#include <cstdio>

#include "report/sample_run.hpp"

namespace relapse::testing {

namespace {

using std::chrono::milliseconds;

std::string two(int number) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "%02d", number);
  return text.data();
}

/// Night 0 is 2026-10-23, night 29 is 2026-11-21.
std::string date_of(int night) {
  return night < 9 ? "2026-10-" + two(23 + night) : "2026-11-" + two(night - 8);
}

std::string run_of(int night) {
  std::string date = date_of(night);
  std::erase(date, '-');
  return date + "T031200Z-" + two(night) + "ab12";
}

std::string started(int night) {
  return date_of(night) + "T03:12:00.000Z";
}

RunSummary summary_of(int night) {
  RunSummary summary{.id = run_of(night), .started = started(night)};
  summary.duration = milliseconds(6000 + 10 * night);
  summary.harness_version = "0.1.0";
  summary.totals = {.planned = 26, .ran = 25, .holds = 24, .skipped = 1};
  const int failing = night > 21 ? 1 : night == 11 || night == 12 ? 3 : 0;
  summary.totals.known = night > 21 ? 1 : 0;
  summary.totals.relapsed = failing - summary.totals.known;
  summary.totals.flaky = night % 7 == 3 ? 1 : 0;
  summary.totals.holds -= failing + summary.totals.flaky;
  summary.complete = true;
  summary.headline = failing == 0 ? "HOLDS" : "RELAPSED";
  summary.code = summary.totals.relapsed > 0 ? 1 : 0;
  summary.versions = {{"embedded", night < 18 ? "chatd 0.0.9" : "chatd 0.1.0"},
                      {"fastapi-uvicorn", "fastapi 0.92.0, uvicorn 0.17.5"}};
  return summary;
}

std::vector<Night> nights_of(const ScenarioResult& result) {
  std::vector<Night> nights;
  for (int i = 0; i < 30; ++i) {
    if (i == 5)
      continue;
    Night night{.run = run_of(i), .started = started(i), .outcome = Outcome::holds};
    night.duration = milliseconds(180 + (i * 37) % 60);
    night.version = summary_of(i).versions[result.target];
    if (result.known && i > 21) {
      night.outcome = Outcome::relapsed;
      night.known = true;
    } else if (result.outcome == Outcome::relapsed && (i == 11 || i == 12)) {
      night.outcome = Outcome::relapsed;
    } else if (result.outcome == Outcome::flaky && i % 7 == 3) {
      night.outcome = Outcome::flaky;
    }
    nights.push_back(std::move(night));
  }
  return nights;
}

Change change(ChangeKind kind, const std::string& scenario, const std::string& target) {
  return {.kind = kind, .key = {scenario, target}, .title = "", .signature = ""};
}

std::vector<Change> sample_changes() {
  Change relapsed = change(ChangeKind::relapsed, "protocol/bad-utf8", "embedded");
  relapsed.held_nights = 17;
  relapsed.failing_nights = 1;
  relapsed.last_good_run = run_of(29);
  relapsed.last_good_at = started(29);
  relapsed.last_good_version = "chatd 0.1.0";
  relapsed.first_bad_at = "2026-11-22T03:12:07.193Z";
  relapsed.first_bad_version = "chatd 0.1.1";
  Change another =
      change(ChangeKind::relapsed, "lifecycle/disconnect-then-close", "fastapi-uvicorn");
  another.held_nights = 17;
  another.last_good_at = started(29);
  another.last_good_version = "fastapi 0.92.0, uvicorn 0.17.5";
  another.first_bad_at = "2026-11-22T03:12:07.193Z";
  another.first_bad_version = "fastapi 0.92.0, uvicorn 0.17.6";
  Change lost = change(ChangeKind::lost, "lifecycle/slow-reader", "embedded");
  lost.text = "held in the baseline, did not run now";
  Change slower = change(ChangeKind::slower, "lifecycle/double-close", "embedded");
  slower.text = "0.91 s, p95 of 30 nights 0.2 s";
  Change recovered = change(ChangeKind::recovered, "auth/expired-token", "fastapi-uvicorn");
  recovered.failing_nights = 2;
  recovered.text = "failed in the baseline: expected CLOSE 1008, observed FIN";
  Change fresh = change(ChangeKind::new_and_holding, "auth/expired-token", "embedded");
  Change target = change(ChangeKind::target_changed, "", "fastapi-uvicorn");
  target.text = "fastapi 0.92.0, uvicorn 0.17.5 → fastapi 0.92.0, uvicorn 0.17.6";
  Change other = change(ChangeKind::target_changed, "", "embedded");
  other.text = "chatd 0.1.0 → chatd 0.1.1";
  Change still =
      change(ChangeKind::still_failing, "lifecycle/crash-closes-1011", "fastapi-uvicorn");
  still.failing_nights = 9;
  still.first_bad_at = started(22);
  still.first_bad_version = "fastapi 0.92.0, uvicorn 0.17.5";
  Change flaky = change(ChangeKind::flaky, "lifecycle/two-sessions", "fastapi-uvicorn");
  flaky.text = "5 changes in 14 nights on one version";
  return {relapsed, another, lost, flaky, slower, recovered, fresh, target, other, still};
}

IncidentHistory incident(const std::string& ref, const std::string& fix, bool broken) {
  IncidentHistory one{.ref = ref};
  one.incident = {ref,
                  "2026-03-14",
                  "A client sent Latin-1 in a text frame and the connection was "
                  "reset.",
                  "",
                  fix,
                  ""};
  one.scenarios = {"protocol/bad-utf8"};
  one.first_guarded = "2026-04-02";
  one.nights_run = 30;
  one.nights_held = broken ? 27 : 30;
  one.last_break = broken ? "2026-11-22" : "";
  one.last_break_nights = broken ? 1 : 0;
  one.broken_now = broken;
  return one;
}

}  // namespace

Run night_run() {
  Run run = sample_run();
  run.whole = true;
  run.targets[0].version = "chatd 0.1.1";
  run.targets[1].fault.clear();
  run.redactions = {{"header cookie", 4}, {"token in a query", 2}};
  for (ScenarioResult& result : run.results) {
    if (!result.known)
      continue;
    result.known_owner = "chat-team";
    result.known_until = "2026-12-01";
  }
  const ScenarioResult held = run.results[0];
  const char* ids[] = {"auth/no-token",        "auth/other-user",  "lifecycle/ping-idle",
                       "lifecycle/late-close", "protocol/rsv-bit", "protocol/bad-close-code",
                       "http/pipelined",       "http/slow-head"};
  for (const char* id : ids) {
    for (const TargetInfo& target : run.targets) {
      run.results.push_back(held);
      run.results.back().scenario = id;
      run.results.back().target = target.id;
    }
  }
  return run;
}

Comparison sample_comparison() {
  Comparison comparison;
  for (int i = 0; i < 30; ++i)
    comparison.nights.push_back(summary_of(i));
  comparison.baseline = comparison.nights.back();
  comparison.changes = sample_changes();
  const Run run = night_run();
  for (const ScenarioResult& result : run.results)
    comparison.history[key_of(result)] = nights_of(result);
  for (int i = 0; i <= 30; ++i) {
    for (const char* family : {"auth", "lifecycle", "protocol"})
      comparison.families.push_back({i == 30 ? run.id : run_of(i), family, 8, 7, 1, 0,
                                     milliseconds(40 + i % 5), milliseconds(180 + (i * 7) % 50)});
  }
  for (int week = 0; week < 5; ++week) {
    const std::string monday = week < 1 ? "2026-10-26" : "2026-11-" + two(week * 7 - 5);
    for (const char* family : {"auth", "lifecycle", "protocol", "http"}) {
      const bool bad = std::string(family) == "lifecycle" && week > 2;
      comparison.weeks.push_back({monday, family, 7, bad ? 52 : 56, bad ? 4 : 0});
    }
    comparison.library.emplace_back(monday, 20 + week * 2);
  }
  comparison.incidents = {incident("encode/uvicorn#1234", "release 0.30.2", true),
                          incident("issue #466", "commit 3fa1c2d", false),
                          incident("issue #498", "", false)};
  comparison.incidents.back().scenarios.clear();
  comparison.retired = {{"auth/old-login", "2026-11-03", "its file is gone"}};
  comparison.acknowledgements = {{"lifecycle/crash-closes-1011", "fastapi-uvicorn",
                                  "uvicorn 0.17 leaves the socket open", "chat-team", "2026-12-01",
                                  "2026-11-14T09:00:00Z"}};
  comparison.expired = {{"protocol/bad-utf8", "", "waiting for 0.30.2", "edge", "2026-11-20", ""}};
  return comparison;
}

Comparison hostile_comparison() {
  const Bytes& bad = hostile_octets();
  Comparison comparison;
  RunSummary night{.id = bad, .started = bad, .harness_version = bad};
  night.headline = bad;
  night.versions = {{bad, bad}, {"x", bad}};
  night.totals = {.planned = 2, .ran = 2, .holds = 1, .relapsed = 1, .flaky = 1};
  comparison.baseline = night;
  comparison.nights = {night, night};
  comparison.nights[1].versions[bad] = "other " + bad;
  for (int kind = 0; kind <= static_cast<int>(ChangeKind::still_failing); ++kind) {
    Change one{.kind = static_cast<ChangeKind>(kind), .key = {bad, bad}, .title = bad};
    one.signature = one.text = bad;
    one.last_good_run = one.last_good_at = one.last_good_version = bad;
    one.first_bad_run = one.first_bad_at = one.first_bad_version = bad;
    one.held_nights = one.failing_nights = 3;
    comparison.changes.push_back(one);
    one.key.scenario = "other " + bad;  // not in the run
    comparison.changes.push_back(one);
  }
  comparison.history[{bad, bad}] = {{bad, bad, Outcome::relapsed, true, milliseconds(1), bad, bad},
                                    {bad, bad, Outcome::flaky, false, milliseconds(2), bad, bad}};
  comparison.families = {{bad, bad, 1, 1, 0, 0, milliseconds(1), milliseconds(2)},
                         {bad, bad, 1, 1, 0, 0, milliseconds(1), milliseconds(2)}};
  comparison.weeks = {{bad, bad, 1, 1, 1}};
  comparison.library = {{bad, 1}, {bad, 2}};
  IncidentHistory one{.ref = bad, .incident = {bad, bad, bad, bad, bad, bad}, .scenarios = {bad}};
  one.first_guarded = one.last_break = bad;
  one.broken_now = true;
  comparison.incidents = {one};
  comparison.retired = {{bad, bad, bad}};
  comparison.acknowledgements = comparison.expired = {{bad, bad, bad, bad, bad, bad}};
  comparison.unreadable = {bad};
  return comparison;
}

Timeline large_timeline() {
  const Run run = sample_run();
  return run.results[6].attempts[0].timeline;
}

Run library_run(int results, int failing) {
  constexpr int targets = 5;
  const Run sample = sample_run();
  ScenarioResult relapsed = sample.results[6];
  ScenarioResult held = sample.results[0];
  for (ScenarioResult* result : {&relapsed, &held}) {
    for (Attempt& attempt : result->attempts) {
      attempt.timeline = {};
      attempt.elsewhere = StoredTimeline{};
    }
  }
  Run run = sample;
  run.whole = true;
  run.targets.clear();
  run.results.clear();
  for (int t = 0; t < targets; ++t)
    run.targets.push_back({.id = "target-" + std::to_string(t), .version = "uvicorn 0.30.6"});
  const int every = failing == 0 ? results + 1 : results / failing;
  for (int i = 0; i < results; ++i) {
    const bool fails = i % every == every - 1;
    run.results.push_back(fails ? relapsed : held);
    ScenarioResult& result = run.results.back();
    const int scenario = i / targets;
    result.scenario = "family-" + two(scenario % 40) + "/scenario-" + std::to_string(scenario);
    result.target = "target-" + std::to_string(i % targets);
    if (!fails)
      continue;
    for (Attempt& attempt : result.attempts)
      attempt.verdict.findings[1].observed = "CLOSE " + std::to_string(1000 + i / every % 7);
  }
  return run;
}

Comparison large_comparison(const Run& run, int nights) {
  Comparison comparison;
  for (int i = 0; i < nights; ++i)
    comparison.nights.push_back(summary_of(i));
  if (nights > 0)
    comparison.baseline = comparison.nights.back();
  std::map<std::string, int> families;
  for (const ScenarioResult& result : run.results) {
    auto& history = comparison.history[key_of(result)];
    for (int i = 0; i < nights; ++i)
      history.push_back({.run = run_of(i),
                         .started = started(i),
                         .outcome = Outcome::holds,
                         .duration = milliseconds(40 + i),
                         .version = "uvicorn 0.30.6"});
    ++families[family_of(result.scenario)];
    if (result.outcome != Outcome::relapsed)
      continue;
    Change one = change(ChangeKind::relapsed, result.scenario, result.target);
    one.signature = failure_signature(result);
    one.held_nights = nights;
    comparison.changes.push_back(std::move(one));
  }
  for (const auto& [family, count] : families) {
    for (int i = 0; i <= nights; ++i)
      comparison.families.push_back({i == nights ? run.id : run_of(i), family, count, count, 0, 0,
                                     milliseconds(40), milliseconds(100 + i)});
    for (int week = 0; week < 13; ++week)
      comparison.weeks.push_back(
          {"2026-" + two(1 + week / 4) + "-" + two(1 + week % 4 * 7), family, 7, count * 7, 0});
  }
  return comparison;
}

}  // namespace relapse::testing
