#include "judge/judge.hpp"

#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "judge/story.hpp"

using namespace relapse;
using namespace relapse::testing;

TEST_CASE("judge: a session as expected holds", "[judge]") {
  const Verdict verdict = judge(session(), upgraded().begin(2).close(1000).end().done());
  CHECK(verdict.outcome == Outcome::holds);
  CHECK(verdict.findings.size() == 5);  // two expectations and the three guards
}

TEST_CASE("judge: a false expectation names the claim and the event", "[judge]") {
  const Verdict verdict = judge(session(), upgraded().begin(2).close(1011).end(false).done());
  REQUIRE(verdict.outcome == Outcome::relapsed);
  CHECK(verdict.relapsed_claims() == std::vector<std::string>{"step 3"});
  CHECK(verdict.decisive()->evidence == std::vector<std::uint32_t>{8});
}

TEST_CASE("judge: nothing in time is a relapse, told apart as hang", "[judge]") {
  Story story = upgraded();
  story.begin(2).add("main", DeadlineHit{std::chrono::seconds{2}, true}).end(false);
  CHECK(outcome(session(), story.done()) == Outcome::relapsed);
}

TEST_CASE("judge: an event after the deadline does not count", "[judge]") {
  Story story = upgraded();
  story.begin(2).add("main", DeadlineHit{std::chrono::seconds{2}, true}).end(false).close(1000);
  CHECK(outcome(session(), story.done()) == Outcome::relapsed);
}

TEST_CASE("judge: what could not be observed is inconclusive, never green", "[judge]") {
  SECTION("unreachable") {
    Story story;
    story.begin(0).add("main", ConnectFailed{"127.0.0.1", 1, "Connection refused"}).end();
    story.begin(1).end(false);
    CHECK(outcome(session(), story.done()) == Outcome::inconclusive);
  }
  SECTION("died before the first step") {
    Story story;
    story.add("", ProcessExited{1, {}}).begin(0).end();
    CHECK(outcome(session(), story.done()) == Outcome::inconclusive);
  }
  SECTION("control failed") {
    Story story;
    story.add("probe", Probed{"echo", true, false, "HTTP 500"});
    CHECK(outcome(session(), story.done()) == Outcome::inconclusive);
  }
  SECTION("never ready") {
    Story story;
    story.add("", Ready{false, {}, "refused"});
    CHECK(outcome(session(), story.done()) == Outcome::inconclusive);
  }
  SECTION("the harness failed after everything held") {
    Story story = upgraded().begin(2).close(1000).end();
    story.add("", HarnessFailed{"disk full"});
    CHECK(outcome(session(), story.done()) == Outcome::inconclusive);
  }
  SECTION("cut off") {
    CHECK(outcome(session(), upgraded().done(false)) == Outcome::inconclusive);
  }
  SECTION("nothing at all") {
    CHECK(outcome(session(), Timeline{}) == Outcome::inconclusive);
  }
}

TEST_CASE("judge: a wait that was cut off says nothing about what would have come", "[judge]") {
  Story story = upgraded();
  story.begin(2).end(false);
  CHECK(outcome(session(), story.done(false)) == Outcome::inconclusive);
  story = upgraded();
  story.begin(2).add("main", DeadlineHit{std::chrono::seconds{2}, true}).end(false);
  CHECK(outcome(session(), story.done(false)) == Outcome::relapsed);
  Scenario silent;
  silent.steps = {send_upgrade(), expects(SelectorKind::silence, "null")};
  CHECK(outcome(silent, Story().begin(0).request().end().begin(1).end(false).done(false)) ==
        Outcome::inconclusive);
}

TEST_CASE("judge: a cut-off replay still relapses on what it saw", "[judge]") {
  CHECK(outcome(session(), upgraded().begin(2).close(1011).end(false).done(false)) ==
        Outcome::relapsed);
}

TEST_CASE("judge: the absence of a log line needs a log that was alive", "[judge]") {
  Scenario scenario = session();
  scenario.claims = {never_log("accept")};
  scenario.guards.log = false;
  const auto story = [] { return upgraded().begin(2).close(1000).end(); };
  CHECK(outcome(scenario, story().mark(true).done()) == Outcome::holds);
  CHECK(outcome(scenario, story().mark(false).done()) == Outcome::inconclusive);
  CHECK(outcome(scenario, story().done()) == Outcome::inconclusive);
  CHECK(outcome(scenario, story().log("call accept first").mark(false).done()) ==
        Outcome::relapsed);
  scenario.claims[0].if_observed = true;
  CHECK(outcome(scenario, story().done()) == Outcome::holds);
}

TEST_CASE("judge: a mark before the last step proves nothing about the time after it", "[judge]") {
  Scenario scenario = session();
  scenario.claims = {never_log("accept")};
  Story story;
  story.mark(true).begin(0).request().end().begin(1).response(101).end();
  CHECK(outcome(scenario, story.begin(2).close(1000).end().done()) == Outcome::inconclusive);
}

TEST_CASE("judge: lines of the probes are not the scenario's", "[judge]") {
  Scenario scenario = session();
  Story story = upgraded().begin(2).close(1000).end();
  story.mark(true).add("probe", LogLine{"process", "Exception in ASGI application"});
  CHECK(outcome(scenario, story.done()) == Outcome::holds);
}

TEST_CASE("judge: fault signatures of the target itself", "[judge]") {
  Story story = upgraded().begin(2).close(1000).end();
  story.log("PANIC in worker 3").mark(true);
  Timeline timeline = story.done();
  CHECK(outcome(session(), timeline) == Outcome::holds);
  timeline.fault_signatures = {{"ours", "PANIC in worker"}};
  CHECK(outcome(session(), timeline) == Outcome::relapsed);
  const auto stored = timeline_from_json(to_json(timeline));
  REQUIRE(stored);
  CHECK(outcome(session(), *stored) == Outcome::relapsed);
}

TEST_CASE("judge: a fault told late is known as one, when it is all there is", "[judge]") {
  Scenario scenario = session();
  scenario.guards = {true, true, false};
  const auto judged = [&](std::vector<std::string> lines, int close) {
    Story story = upgraded().begin(2).close(close);
    for (std::string& line : lines) {
      story.log(std::move(line));
    }
    Timeline timeline = story.end().mark(true).done();
    timeline.fault_signatures = {{"ours", "lost session", true}, {"ours too", "PANIC"}};
    const Verdict verdict = judge(scenario, timeline);
    const LogLine* told = only_late_fault(verdict, timeline);
    return told != nullptr ? told->text : to_string(verdict.outcome).data();
  };
  const std::string late = "Task was destroyed but it is pending!";
  CHECK(judged({late}, 1000) == late);
  CHECK(judged({"a lost session", late}, 1000) == "a lost session");
  CHECK(judged({late, "PANIC"}, 1000) == "relapsed");
  CHECK(judged({late + " PANIC"}, 1000) == "relapsed");
  CHECK(judged({late}, 1011) == "relapsed");
  CHECK(judged({"fine"}, 1000) == "holds");
}

TEST_CASE("judge: a fault told late beside the steps is found there only", "[judge]") {
  const auto found = [](std::string lane, const char* text) {
    const Timeline timeline =
        upgraded().add(std::move(lane), LogLine{"process", text}).mark(true).done();
    return late_fault_aside(timeline) != nullptr;
  };
  CHECK(found("probe", "Task exception was never retrieved"));
  CHECK_FALSE(found("", "Task exception was never retrieved"));
  CHECK_FALSE(found("probe", "Exception in ASGI application"));  // the error path's own
  CHECK_FALSE(found("probe", "fine"));
}

TEST_CASE("judge: guards", "[judge]") {
  const auto base = [] { return upgraded().begin(2).close(1000).end(); };
  SECTION("a 5xx nobody expected") {
    const Verdict verdict = judge(session(), base().response(500, false).done());
    CHECK(verdict.relapsed_claims() == std::vector<std::string>{"guard:server-error"});
  }
  SECTION("a 5xx that a step expected") {
    Scenario scenario;
    scenario.steps = {send_upgrade(), expects(SelectorKind::upgrade, "{\"status\":500}")};
    CHECK(outcome(scenario, Story().begin(0).request().end().begin(1).response(500).end().done()) ==
          Outcome::holds);
  }
  SECTION("an unhandled exception") {
    const Verdict verdict =
        judge(session(), base().log("ERROR: Exception in ASGI application").mark(true).done());
    CHECK(verdict.relapsed_claims() == std::vector<std::string>{"guard:log"});
  }
  SECTION("a log that fell silent") {
    CHECK(outcome(session(), base().mark(false).done()) == Outcome::inconclusive);
  }
  SECTION("a probe afterwards") {
    Story story = base();
    story.add("probe", Probed{"echo", false, false, "hang"});
    CHECK(judge(session(), story.done()).relapsed_claims() ==
          std::vector<std::string>{"guard:liveness"});
  }
  SECTION("the process died on the way") {
    Story story = upgraded();
    story.begin(2).add("", ProcessExited{{}, 11}).close(1000).end();
    CHECK(judge(session(), story.done()).relapsed_claims() ==
          std::vector<std::string>{"guard:liveness"});
  }
}

TEST_CASE("judge: always needs at least one event, count counts", "[judge]") {
  Scenario scenario = session();
  Claim claim;
  claim.kind = Claim::Kind::always;
  claim.name = "always 1";
  claim.selector.kind = SelectorKind::response;
  claim.selector.pattern.json = Value(Json{{"status", 200}});
  scenario.claims = {claim};
  const auto base = [] { return upgraded().begin(2).close(1000).end(); };
  CHECK(outcome(scenario, base().done()) == Outcome::inconclusive);
  CHECK(outcome(scenario, base().response(200, false).done()) == Outcome::holds);
  CHECK(outcome(scenario, base().response(200, false).response(404, false).done()) ==
        Outcome::relapsed);
  scenario.claims[0].kind = Claim::Kind::count;
  scenario.claims[0].count.json = Value(Json(2));
  CHECK(outcome(scenario, base().response(200, false).done()) == Outcome::relapsed);
  CHECK(outcome(scenario, base().response(200, false).response(200, false).done()) ==
        Outcome::holds);
}

TEST_CASE("judge: a recording without step marks is judged by order", "[judge]") {
  Timeline recording = Story().request().response(101).close(1011).done();
  CHECK(outcome(session(), recording) == Outcome::relapsed);
  recording = Story().request().response(101).close(1000).done();
  CHECK(outcome(session(), recording) == Outcome::holds);
}

TEST_CASE("judge: silence is broken by anything on that connection", "[judge]") {
  Scenario scenario;
  scenario.steps = {send_upgrade(), expects(SelectorKind::silence, "null")};
  CHECK(outcome(scenario, Story().begin(0).request().end().begin(1).end().done()) ==
        Outcome::holds);
  CHECK(outcome(scenario, Story().begin(0).request().end().begin(1).response(101).end().done()) ==
        Outcome::relapsed);
}

TEST_CASE("judge: an expression that explodes is inconclusive, not a match or a miss", "[judge]") {
  Scenario scenario = session();
  Claim claim = never_log("");
  claim.selector.pattern.json = Value(Json{{"matches", "(a+)+(b+)+(c+)+(a+)+$^(d*)*e"}});
  scenario.claims = {claim};
  scenario.guards.log = false;
  Story story = upgraded().begin(2).close(1000).end();
  story.log(std::string(60, 'a') + std::string(60, 'b') + std::string(60, 'c')).mark(true);
  CHECK(outcome(scenario, story.done()) == Outcome::inconclusive);
}

TEST_CASE("judge: over a record that was full, claims hold on nothing", "[judge]") {
  Scenario scenario = session();
  scenario.guards = {false, false, false};
  Claim claim;
  claim.name = "never 1";
  claim.selector.kind = SelectorKind::text;
  claim.selector.pattern.json = Value(Json("bad"));
  const auto story = [](const char* text) {
    return upgraded().begin(2).close(1000).end().text(text).add("", Overflowed{});
  };
  const auto judged = [&](Claim::Kind kind, const char* text, const char* count = "1") {
    scenario.claims = {claim};
    scenario.claims[0].kind = kind;
    scenario.claims[0].count.json = Value(Json::parse(count));
    return outcome(scenario, story(text).add("", Overflowed{5, 25}).done());
  };
  CHECK(judged(Claim::Kind::never, "good") == Outcome::inconclusive);
  CHECK(judged(Claim::Kind::never, "bad") == Outcome::relapsed);
  CHECK(judged(Claim::Kind::always, "bad") == Outcome::inconclusive);
  CHECK(judged(Claim::Kind::always, "good") == Outcome::relapsed);
  CHECK(judged(Claim::Kind::count, "bad") == Outcome::inconclusive);  // one and up to five more
  CHECK(judged(Claim::Kind::count, "bad", "0") == Outcome::relapsed);
  CHECK(judged(Claim::Kind::count, "bad", "{\"less\":7}") == Outcome::holds);
  CHECK(judged(Claim::Kind::count, "bad", "{\"less\":6}") == Outcome::inconclusive);
  CHECK(judged(Claim::Kind::count, "bad", "{\"in\":[3]}") == Outcome::inconclusive);
  CHECK(judged(Claim::Kind::count, "bad", "{\"more\":6}") == Outcome::relapsed);
  scenario.claims.clear();
  CHECK(outcome(scenario, story("good").done()) == Outcome::holds);
  scenario.guards.server_error = true;
  CHECK(outcome(scenario, story("good").done()) == Outcome::inconclusive);
}

TEST_CASE("judge: a flood where one message was due is a relapse, another one is not", "[judge]") {
  Scenario scenario = session();
  Expect& last = std::get<Expect>(scenario.steps[2].action);
  last.skip = true;
  Story story = upgraded();
  story.begin(2);
  SECTION("on this connection") {
    for (int i = 0; i < 50; ++i) {
      story.text("flood");
    }
    story.add("", Overflowed{}).end(false).add("", Overflowed{9, 45});
    CHECK(judge(scenario, story.done()).relapsed_claims() == std::vector<std::string>{"step 3"});
    last.selector.kind = SelectorKind::silence;
    last.skip = false;
    CHECK(outcome(scenario, story.done()) == Outcome::relapsed);  // and this one on its first text
  }
  SECTION("in the log") {
    story.text("one");
    for (int i = 0; i < 50; ++i) {
      story.log("flood");
    }
    story.add("", Overflowed{}).end(false).add("", Overflowed{9, 45});
    CHECK(outcome(scenario, story.done()) == Outcome::inconclusive);
    last.selector.kind = SelectorKind::log;
    CHECK(outcome(scenario, story.done()) == Outcome::inconclusive);
  }
  SECTION("what came after it was left out cannot be told apart from what was not sent") {
    story.add("", Overflowed{}).add("main", Ended{Direction::received, EndKind::fin, true, ""});
    story.end(false).add("", Overflowed{9, 45});
    CHECK(outcome(scenario, story.done()) == Outcome::inconclusive);
  }
  SECTION("the end of the connection is kept whatever came before it") {
    last.selector.kind = SelectorKind::end;
    last.selector.pattern.json = Value(Json("fin"));
    scenario.guards = {false, false, false};
    story.add("", Overflowed{}).add("main", Ended{Direction::received, EndKind::fin, true, ""});
    story.end().add("", Overflowed{9, 45});
    CHECK(outcome(scenario, story.done()) == Outcome::holds);
    last.skip = false;
    CHECK(outcome(scenario, story.done()) == Outcome::inconclusive);
  }
}

TEST_CASE("judge: a part of a message proves only what is in it", "[judge]") {
  Scenario scenario = session();
  scenario.guards.log = false;
  Claim claim;
  claim.name = "never 1";
  claim.selector.kind = SelectorKind::text;
  claim.selector.pattern.json = Value(Json::parse("{\"contains\":\"secret\"}"));
  scenario.claims = {claim};
  const auto story = [](std::string part) {
    Story told = upgraded().begin(2).close(1000).end();
    WsFrame frame;
    frame.direction = Direction::received;
    frame.opcode = 1;
    frame.length = 4'000'000;
    frame.payload = std::move(part);
    return told.add("main", frame).done();
  };
  CHECK(outcome(scenario, story("nothing yet")) == Outcome::inconclusive);
  CHECK(outcome(scenario, story("the secret")) == Outcome::relapsed);
  scenario.claims[0].selector.pattern.json = Value(Json("nothing yet"));
  CHECK(outcome(scenario, story("nothing yet")) == Outcome::holds);  // the whole is longer
}
