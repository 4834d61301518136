#include "engine/settle.hpp"

#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "judge/judge.hpp"

namespace relapse {
namespace {

Event event(Payload payload) {
  Event made;
  made.payload = std::move(payload);
  return made;
}

/// A replay that was answered with this cookie.
Timeline answered(const std::string& cookie) {
  Timeline timeline;
  timeline.complete = true;
  HttpMessage answer;
  answer.direction = Direction::received;
  answer.status = 200;
  answer.headers = {{"Set-Cookie", cookie}};
  Event http = event(answer);
  http.lane = "main";
  http.step = 0;
  Event started = event(StepStarted{});
  started.step = 0;
  Event ended = event(StepEnded{true});
  ended.step = 0;
  timeline.events = {started, http, ended};
  for (std::size_t i = 0; i < timeline.events.size(); ++i) {
    timeline.events[i].seq = static_cast<std::uint32_t>(i) + 1;
  }
  return timeline;
}

Scenario expects(const Json& cookie) {
  Scenario scenario;
  Step step;
  Expect expect;
  expect.selector.kind = SelectorKind::response;
  expect.selector.lane = step.lane;
  expect.selector.pattern.json = Value(Json{{"headers", {{"set-cookie", cookie}}}});
  step.action = std::move(expect);
  scenario.steps = {step};
  scenario.guards = Guards{false, false, false, false, false};
  return scenario;
}

}  // namespace

TEST_CASE("settle: the outcome is that of what was seen, the words show nothing of it",
          "[engine]") {
  Secrets secrets;
  const auto timeline = answered("session=abc0123456789; Path=/");
  struct Row {
    Json pattern;
    Outcome outcome;
  };
  for (const Row& row : {Row{Json("session=abc0123456789; Path=/"), Outcome::holds},
                         Row{Json{{"contains", "abc0123"}}, Outcome::holds},
                         Row{Json{{"matches", "^session=[a-z0-9]+;"}}, Outcome::holds},
                         Row{Json{{"contains", "Path=/"}}, Outcome::holds},
                         Row{Json{{"contains", "redacted"}}, Outcome::relapsed},
                         Row{Json("session=other; Path=/"), Outcome::relapsed},
                         Row{Json{{"contains", "HttpOnly"}}, Outcome::relapsed}}) {
    INFO(row.pattern.dump());
    const Settled settled = settle(expects(row.pattern), timeline, secrets);
    CHECK(settled.verdict.outcome == row.outcome);
    CHECK(to_json(settled.timeline).dump().find("abc0123456789") == std::string::npos);
    if (row.outcome == Outcome::relapsed) {
      CHECK(to_json(settled.verdict).dump().find("abc0123456789") == std::string::npos);
      CHECK(settled.verdict.reason.starts_with("step 1: expected "));
    } else {
      CHECK(settled.verdict.reason.empty());
    }
  }
}

TEST_CASE("settle: a secret that is compared is compared as it is", "[engine]") {
  Secrets secrets;
  REQUIRE(secrets.add("secret:KEY", "abc0123456789"));
  Timeline timeline = answered("session=abc0123456789");
  timeline.variables["secret:KEY"] = "abc0123456789";
  const Settled settled = settle(expects(Json("session=${secret:KEY}")), timeline, secrets);
  CHECK(settled.verdict.outcome == Outcome::holds);
  CHECK(settled.timeline.variables.at("secret:KEY") ==
        secrets.vault().mark("secret:KEY", "abc0123456789"));
  // The marks are equal as well: judged again, it is the same.
  CHECK(judge(expects(Json("session=${secret:KEY}")), settled.timeline) == settled.verdict);
}

TEST_CASE("redact: what a run says beside its timelines", "[engine]") {
  Secrets secrets;
  REQUIRE(secrets.add("secret:KEY", "abc0123456789"));
  Run run;
  run.command = {"relapse", "run", "abc0123456789"};
  run.targets = {
      {.id = "t", .title = "t", .address = "http://u:p@host", .version = "", .fault = ""}};
  ScenarioResult result;
  result.title = "the cookie: dropped";
  result.reason = "the process exited with 1: key abc0123456789 is wrong";
  result.step_texts = {"send \"abc0123456789\""};
  run.results = {result};
  redact(run, secrets);
  const std::string text = to_json(run).dump();
  CHECK(text.find("abc0123456789") == std::string::npos);
  CHECK(text.find("u:p@") == std::string::npos);
  CHECK(run.results[0].title == "the cookie: dropped");
}

}  // namespace relapse
