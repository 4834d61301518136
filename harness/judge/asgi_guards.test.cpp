#include "judge/asgi_guards.hpp"

#include "catch.hpp"
#include "judge/asgi_story.hpp"

namespace relapse {
namespace {

using testing::accepted;
using testing::called;
using testing::fed;
using testing::raised;
using testing::sent;
using testing::Story;

/// Call, connect, accept; then whatever the test adds.
Scenario session() {
  Scenario scenario;
  scenario.steps.resize(2);
  scenario.steps[0].action = Call{};
  scenario.steps[1].action = Receive{testing::message("websocket.connect")};
  scenario.steps.push_back(testing::expects(SelectorKind::sent, R"({"type": "websocket.accept"})"));
  return scenario;
}

const Finding* found(const Verdict& verdict, std::string_view claim) {
  for (const Finding& finding : verdict.findings) {
    if (finding.claim == claim) {
      return &finding;
    }
  }
  return nullptr;
}

Finding exception_guard(Story story, const Scenario& scenario = session()) {
  const Verdict verdict = judge(scenario, story.done());
  const Finding* finding = found(verdict, guard_exception);
  REQUIRE(finding != nullptr);
  return *finding;
}

AsgiComplaint complaint(const char* kind) {
  return {kind, "Task exception was never retrieved", {{"ValueError", "x", ""}}, "Traceback"};
}

}  // namespace

TEST_CASE("asgi guards: none on a timeline of the wire", "[judge]") {
  const Verdict wire =
      judge(testing::session(), testing::upgraded().begin(2).close(1000).end().done());
  CHECK(found(wire, guard_exception) == nullptr);
  CHECK(found(wire, guard_protocol) == nullptr);
  const Verdict asgi = judge(session(), accepted().done());
  CHECK(asgi.outcome == Outcome::holds);
  CHECK(found(asgi, guard_exception) != nullptr);
  CHECK(found(asgi, guard_protocol) != nullptr);
}

TEST_CASE("asgi guards: each may be switched off", "[judge]") {
  Scenario scenario = session();
  scenario.guards.exception = scenario.guards.protocol = false;
  Story story = accepted().add("main", sent(2, "websocket.accept"));
  story.add("main", raised("ValueError", "x"));
  const Verdict verdict = judge(scenario, story.done());
  CHECK(verdict.outcome == Outcome::holds);
  CHECK(found(verdict, guard_exception) == nullptr);
  CHECK(found(verdict, guard_protocol) == nullptr);
}

TEST_CASE("asgi guards: a message that is not allowed", "[judge]") {
  Story story = accepted().add("main", sent(2, "websocket.accept"));
  story.add("main", sent(3, "websocket.send"));
  const Timeline timeline = story.done();
  const Verdict verdict = judge(session(), timeline);
  CHECK(verdict.outcome == Outcome::relapsed);
  const Finding* finding = found(verdict, guard_protocol);
  REQUIRE(finding != nullptr);
  CHECK(finding->kind == ClaimKind::guard);
  CHECK(finding->observed ==
        "websocket.accept twice (ASGI websocket, section Accept - send event), and 1 more");
  CHECK(finding->evidence == std::vector<std::uint32_t>{timeline.events[9].seq, 11});
}

TEST_CASE("asgi guards: they see a replay whose steps ended early", "[judge]") {
  Story story;
  story.begin(0).add("main", called("websocket")).end().begin(1);
  story.add("main", fed("websocket.connect")).end().begin(2);
  story.add("main", sent(1, "websocket.send", R"("text": "x")"));
  story.add("main", raised("ValueError", "x")).end(false);
  const Verdict verdict = judge(session(), story.done());
  CHECK(verdict.relapsed_claims() ==
        std::vector<std::string>{"step 3", "guard:exception", "guard:protocol"});
}

TEST_CASE("asgi guards: an exception leaves the application", "[judge]") {
  const Finding plain = exception_guard(accepted().add("main", raised("ValueError", "x")));
  CHECK(plain.outcome == Outcome::relapsed);
  CHECK(plain.observed == "RAISED ValueError: x");
  CHECK(plain.evidence == std::vector<std::uint32_t>{10});

  AsgiRaised cancelled = raised("CancelledError", "");
  cancelled.cancelled = true;
  CHECK(exception_guard(accepted().add("main", cancelled)).outcome == Outcome::holds);
  CHECK(exception_guard(accepted().add("probe", raised("ValueError", "x"))).outcome ==
        Outcome::holds);
}

TEST_CASE("asgi guards: an exception on a client's connection is the log's", "[judge]") {
  Scenario scenario = session();
  Step step;
  step.action = Send{SendUpgrade{}, {}, {}};
  step.lane = "client";
  scenario.steps.push_back(step);
  const auto story = [](const char* lane) {
    return accepted().add(lane, raised("ValueError", "x"));
  };
  CHECK(exception_guard(story("client"), scenario).outcome == Outcome::holds);
  CHECK(exception_guard(story("main"), scenario).outcome == Outcome::relapsed);
  Story logged = accepted().add("", LogLine{"server", "ERROR: Exception in ASGI application", ""});
  CHECK(found(judge(scenario, logged.done()), guard_log)->outcome == Outcome::relapsed);
}

TEST_CASE("asgi guards: an exception that a step expected", "[judge]") {
  Scenario scenario = session();
  scenario.steps.push_back(testing::expects(SelectorKind::raised, R"("ValueError")"));
  const auto story = [](const char* type) {
    return accepted().begin(3).add("main", raised(type, "x")).end();
  };
  CHECK(exception_guard(story("ValueError"), scenario).outcome == Outcome::holds);
  // Another one than was expected is a fault all the same.
  CHECK(exception_guard(story("KeyError"), scenario).outcome == Outcome::relapsed);
  // A second one is not covered by the expectation of the first.
  Story second = story("ValueError").add("b", called("websocket"));
  CHECK(exception_guard(second.add("b", raised("ValueError", "x")), scenario).outcome ==
        Outcome::relapsed);
}

TEST_CASE("asgi guards: the OSError of the server's own send() may be let through", "[judge]") {
  const auto story = [](const char* thrown, AsgiRaised left) {
    Story told = accepted().add("main", sent(2, "websocket.send", R"("text": "x")"));
    told.add("main", AsgiSendFate{AsgiSendFate::Kind::raised, 2, thrown, "gone"});
    return told.add("main", std::move(left));
  };
  CHECK(exception_guard(story("OSError", raised("OSError", "gone"))).outcome == Outcome::holds);
  CHECK(exception_guard(story("BrokenPipeError", raised("BrokenPipeError", "gone"))).outcome ==
        Outcome::holds);
  // Another OSError, another exception, or one that no server may raise.
  CHECK(exception_guard(story("OSError", raised("OSError", "disk full"))).outcome ==
        Outcome::relapsed);
  CHECK(exception_guard(story("OSError", raised("KeyError", "gone"))).outcome == Outcome::relapsed);
  CHECK(exception_guard(story("RuntimeError", raised("RuntimeError", "gone"))).outcome ==
        Outcome::relapsed);
  CHECK(exception_guard(story("RuntimeError", raised("OSError", "gone"))).outcome ==
        Outcome::relapsed);
}

TEST_CASE("asgi guards: exceptions of lifespan calls", "[judge]") {
  const auto before = [](Story story) {
    return story.add("lifespan 1", called("lifespan")).add("lifespan 1", fed("lifespan.startup"));
  };
  // The application does not support lifespan, and the server goes on.
  CHECK(exception_guard(before(accepted()).add("lifespan 1", raised("KeyError", "path"))).outcome ==
        Outcome::holds);
  Story told = before(accepted()).add("lifespan 1", sent(1, "lifespan.startup.failed"));
  CHECK(exception_guard(told.add("lifespan 1", raised("ValueError", "x"))).outcome ==
        Outcome::holds);
  Story up = before(accepted()).add("lifespan 1", sent(1, "lifespan.startup.complete"));
  CHECK(exception_guard(up.add("lifespan 1", raised("ValueError", "x"))).outcome ==
        Outcome::relapsed);
}

TEST_CASE("asgi guards: complaints", "[judge]") {
  for (const char* kind :
       {"never_retrieved", "loop", "unraisable", "spinning", "blocked", "left_loop"}) {
    INFO(kind);
    CHECK(exception_guard(accepted().add("", complaint(kind))).outcome == Outcome::relapsed);
  }
  CHECK(exception_guard(accepted().add("", complaint("warning"))).outcome == Outcome::holds);
  // Told by the collection behind the cleaning up: it counts.
  CHECK(exception_guard(accepted().add("", AsgiTasks{}).add("", complaint("never_retrieved")))
            .outcome == Outcome::relapsed);
  // What leaves a call because the harness cleans up does not.
  CHECK(exception_guard(accepted().add("", AsgiTasks{}).add("main", raised("ValueError", "x")))
            .outcome == Outcome::holds);
  Scenario scenario = session();
  scenario.steps.push_back(testing::expects(SelectorKind::complaint, R"("loop")"));
  Story expected = accepted().begin(3).add("", complaint("loop")).end();
  CHECK(exception_guard(expected, scenario).outcome == Outcome::holds);
}

TEST_CASE("asgi guards: a record that is not whole proves nothing", "[judge]") {
  const Verdict verdict = judge(session(), accepted().add("", Overflowed{5, 5}).done());
  CHECK(verdict.outcome == Outcome::inconclusive);
  CHECK(found(verdict, guard_exception)->outcome == Outcome::inconclusive);
  CHECK(found(verdict, guard_protocol)->outcome == Outcome::inconclusive);
}

}  // namespace relapse
