#include "model/run.hpp"

#include <nlohmann/json.hpp>

#include "catch.hpp"

namespace relapse {
namespace {

ScenarioResult result(Outcome outcome, bool ran = true, bool known = false) {
  ScenarioResult r;
  r.scenario = "ws/a";
  r.target = "t";
  r.outcome = outcome;
  r.known = known;
  if (ran) {
    r.attempts.emplace_back();
    r.attempts.back().verdict.outcome = outcome;
  }
  return r;
}

Run run_of(std::vector<ScenarioResult> results, bool interrupted = false) {
  Run run;
  run.results = std::move(results);
  run.interrupted = interrupted;
  return run;
}

const ScenarioResult held = result(Outcome::holds);
const ScenarioResult relapsed = result(Outcome::relapsed);
const ScenarioResult known = result(Outcome::relapsed, true, true);
const ScenarioResult unsure = result(Outcome::inconclusive);
const ScenarioResult unreachable = result(Outcome::inconclusive, false);
const ScenarioResult skipped = result(Outcome::skipped, false);
const ScenarioResult flaky = result(Outcome::flaky);

}  // namespace

TEST_CASE("run: exit codes and headlines", "[model]") {
  struct Row {
    std::vector<ScenarioResult> results;
    bool interrupted;
    int code;
    std::string headline;
  };
  const std::vector<Row> rows{
      {{held, held}, false, 0, "HOLDS"},
      {{held, skipped}, false, 0, "HOLDS"},
      {{held, flaky}, false, 0, "HOLDS, apart from 1 flaky"},
      {{held, known}, false, 0, "HOLDS, apart from 1 known relapse"},
      {{held, flaky, known, known}, false, 0, "HOLDS, apart from 1 flaky and 2 known relapses"},
      {{held, relapsed}, false, 1, "RELAPSED: 1 fix no longer holds"},
      {{relapsed, relapsed, known}, false, 1, "RELAPSED: 2 fixes no longer hold"},
      {{relapsed, unsure}, false, 1, "RELAPSED: 1 fix no longer holds"},
      {{relapsed}, true, 1, "RELAPSED: 1 fix no longer holds"},
      {{held, unsure}, false, 3, "INCONCLUSIVE: 1 of 2 could not be judged"},
      {{flaky, unreachable}, false, 3, "INCONCLUSIVE: 1 of 2 could not be judged"},
      {{known, unsure}, false, 3, "INCONCLUSIVE: 1 of 2 could not be judged"},
      {{unreachable}, false, 3, "INCONCLUSIVE: 1 of 1 could not be judged"},
      {{}, false, 4, "INCONCLUSIVE: nothing ran"},
      {{skipped, skipped}, false, 4, "INCONCLUSIVE: nothing ran"},
      {{}, true, 130, "INTERRUPTED: 0 of 0 ran"},
      {{held, unreachable}, true, 130, "INTERRUPTED: 1 of 2 ran"},
  };
  for (const Row& row : rows) {
    const Run run = run_of(row.results, row.interrupted);
    INFO(row.headline);
    CHECK(exit_code(run) == row.code);
    CHECK(headline(run) == row.headline);
  }
}

TEST_CASE("run: one that its own rules ended was not interrupted", "[model]") {
  Run run = run_of({held, unreachable}, true);
  run.stop_reason = "the --timeout of 5m was over";
  CHECK(exit_code(run) == 3);
  CHECK(headline(run) == "STOPPED: the --timeout of 5m was over, 1 of 2 ran");
  run.results.push_back(relapsed);
  CHECK(exit_code(run) == 1);
  run.results = {held};
  CHECK(exit_code(run) == 0);
}

TEST_CASE("run: a reason that all inconclusive results share is the headline", "[model]") {
  Run run = run_of({unreachable, unreachable, held});
  run.results[0].reason = run.results[1].reason = "cannot connect to 127.0.0.1:9 \x1b[31m";
  CHECK(headline(run) == "INCONCLUSIVE: cannot connect to 127.0.0.1:9 \\u{1b}[31m");
  run.results[1].reason = "the log gave nothing";
  CHECK(headline(run) == "INCONCLUSIVE: 2 of 3 could not be judged");
}

TEST_CASE("run: totals count every result once", "[model]") {
  const Totals t =
      totals(run_of({held, held, relapsed, known, unsure, unreachable, skipped, flaky}));
  CHECK(t.planned == 8);
  CHECK(t.ran == 6);
  CHECK(t.holds == 2);
  CHECK(t.relapsed == 1);
  CHECK(t.known == 1);
  CHECK(t.inconclusive == 2);
  CHECK(t.skipped == 1);
  CHECK(t.flaky == 1);
}

TEST_CASE("run: the attempt that decided", "[model]") {
  ScenarioResult r = result(Outcome::flaky);
  r.attempts.resize(3);
  r.attempts[0].verdict.outcome = Outcome::holds;
  r.attempts[1].verdict.outcome = Outcome::relapsed;
  r.attempts[2].verdict.outcome = Outcome::holds;
  CHECK(r.deciding() == &r.attempts[1]);
  r.outcome = Outcome::holds;
  CHECK(r.deciding() == &r.attempts[0]);
  r.outcome = Outcome::inconclusive;
  CHECK(r.deciding() == &r.attempts[2]);
  CHECK(skipped.deciding() == nullptr);
}

TEST_CASE("run: the re-run command can be pasted into a shell", "[model]") {
  ScenarioResult r = held;
  CHECK(rerun_command(r) == "relapse run ws/a -t t --retries 0 -v");
  r.scenario = "it's; rm -rf";
  r.target = "";
  CHECK(rerun_command(r) == R"(relapse run 'it'\''s; rm -rf' -t '' --retries 0 -v)");
}

TEST_CASE("run: the re-run command carries what decides", "[model]") {
  ScenarioResult r = result(Outcome::relapsed);
  r.fault = "double-close";
  r.plane = Plane::asgi;
  r.repeat = {3, 3};
  r.attempts[0].verdict.outcome = Outcome::relapsed;
  r.attempts[0].swept = std::chrono::milliseconds{40};
  CHECK(rerun_command(r) ==
        "relapse run ws/a -t t --fault double-close --plane asgi --repeat 3 --at 40ms "
        "--retries 0 -v");
  // Two of three are enough for it: "all of three" would be another question.
  r.repeat = {3, 2};
  r.attempts[0].swept.reset();
  CHECK(rerun_command(r).find("--repeat") == std::string::npos);
  r.repeat = {};
  r.outcome = Outcome::flaky;
  CHECK(rerun_command(r).find("--repeat 10 --retries 0") != std::string::npos);
}

TEST_CASE("run: comes back exactly through text", "[model]") {
  Run run = run_of({held, relapsed, skipped}, true);
  run.id = "20261122T031207Z-3fa1c2";
  run.stop_reason = "the --timeout of 5m was over";
  run.started = "2026-11-22T03:12:07.000Z";
  run.duration = std::chrono::milliseconds(1234);
  run.harness_version = "0.1.0";
  run.command = {"relapse", "run", "\xff"};
  run.targets = {{"t", "Title", "ws://127.0.0.1:1", "uvicorn 0.17", "double-close"}};
  ScenarioResult& r = run.results[1];
  r.title = "title";
  r.incident = {"issue #1", "2025-09-11", "story \xff", "evidence", "fix", "RFC 6455"};
  r.tags = {"a", "b"};
  r.at = {"scenarios/ws/a.json", 1, 2};
  r.digest = "d";
  r.step_texts = {"send TEXT", ""};
  r.step_lines = {10, 11};
  r.reason = "reason";
  r.known = true;
  r.known_reason = "open bug";
  r.attempts[0].duration = std::chrono::nanoseconds(7);
  r.disturbed_by = "lifecycle/other";
  r.late_fault = "Task was destroyed but it is pending!";
  r.repeat = {10, 8};
  r.attempts[0].alone = true;
  r.attempts[0].swept = std::chrono::milliseconds(15);
  r.attempts[0].verdict.findings = {{.claim = "step 1", .outcome = Outcome::relapsed}};
  r.attempts[0].timeline.events = {{.seq = 1, .lane = "main", .payload = LogLine{"", "x\xff"}}};

  const Json json = to_json(run);
  auto back = run_from_json(Json::parse(json.dump()));
  REQUIRE(back.has_value());
  CHECK(to_json(*back).dump() == json.dump());
  // The comparison above cannot see a field that is neither written nor read.
  CHECK(back->interrupted);
  CHECK(back->stop_reason == run.stop_reason);
  CHECK(back->duration == run.duration);
  CHECK(back->command == run.command);
  CHECK(back->targets[0].fault == "double-close");
  const ScenarioResult& s = back->results[1];
  CHECK(s.incident.story == r.incident.story);
  CHECK(s.incident.spec == "RFC 6455");
  CHECK(s.tags == r.tags);
  CHECK(s.at == r.at);
  CHECK(s.digest == "d");
  CHECK(s.step_texts == r.step_texts);
  CHECK(s.step_lines == r.step_lines);
  CHECK(s.known);
  CHECK(s.known_reason == "open bug");
  CHECK(s.outcome == Outcome::relapsed);
  CHECK(s.disturbed_by == "lifecycle/other");
  CHECK(s.late_fault == "Task was destroyed but it is pending!");
  CHECK(s.repeat.times == 10);
  CHECK(s.repeat.at_least == 8);
  CHECK(s.attempts[0].alone);
  CHECK(s.attempts[0].swept == std::chrono::milliseconds(15));
  CHECK(s.attempts[0].verdict == r.attempts[0].verdict);
  CHECK(s.attempts[0].timeline == r.attempts[0].timeline);
  CHECK(back->results[2].attempts.empty());
}

TEST_CASE("run: what cannot be read is an error that says where", "[model]") {
  const Json good = to_json(run_of({held}));
  Json json = good;
  json["results"][0]["outcome"] = "green";
  auto refused = run_from_json(json);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().message.find("result 1: \"outcome\" is \"green\"") == 0);

  json = good;
  json["results"][0]["attempts"][0]["timeline"]["events"] = Json::parse(R"([{"kind":"x"}])");
  refused = run_from_json(json);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().message.find("result 1: attempt 1: event 1: \"kind\" is \"x\"") == 0);

  json = good;
  json["results"][0]["attempts"][0].erase("verdict");
  refused = run_from_json(json);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().message == "result 1: attempt 1: \"verdict\" is missing");

  CHECK_FALSE(run_from_json(Json::parse(R"({"format":"relapse-run","version":9})")).has_value());
  CHECK_FALSE(run_from_json(Json("text")).has_value());
}

TEST_CASE("scenario: names of claims and what a scenario needs", "[model]") {
  Scenario scenario;
  scenario.steps.push_back({.at = {}, .name = "", .action = Pause{}});
  scenario.steps.push_back({.at = {}, .name = "the reply", .action = Pause{}});
  CHECK(claim_name(scenario, 0) == "step 1");
  CHECK(claim_name(scenario, 1) == "the reply");
  CHECK(claim_name(scenario, 8) == "step 9");
  CHECK_FALSE(needs_launch(scenario));
  CHECK_FALSE(needs_log(scenario));

  const auto with_step = [](Action action) {
    Scenario s;
    s.steps.push_back({.at = {}, .name = "", .action = std::move(action)});
    return s;
  };
  CHECK(needs_launch(with_step(Start{})));
  CHECK(needs_launch(with_step(Signal{})));
  CHECK(needs_launch(with_step(Stop{})));
  CHECK(needs_launch(with_step(Expect{.selector = {.kind = SelectorKind::exit}})));
  CHECK_FALSE(needs_launch(with_step(Expect{.selector = {.kind = SelectorKind::log}})));
  CHECK(needs_log(with_step(Expect{.selector = {.kind = SelectorKind::log}})));

  scenario.claims.push_back({.name = "never 1", .selector = {.kind = SelectorKind::log}});
  CHECK(needs_log(scenario));
  scenario.claims[0].if_observed = true;
  CHECK_FALSE(needs_log(scenario));
  scenario.claims[0].selector.kind = SelectorKind::exit;
  CHECK(needs_launch(scenario));
}

}  // namespace relapse
