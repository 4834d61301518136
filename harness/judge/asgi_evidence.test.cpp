#include "judge/asgi_evidence.hpp"

#include "catch.hpp"
#include "judge/asgi_story.hpp"
#include "judge/timing.hpp"

namespace relapse {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::accepted;
using testing::called;
using testing::fed;
using testing::raised;
using testing::sent;
using testing::Story;

Scenario session(SelectorKind kind, const char* pattern) {
  Scenario scenario;
  scenario.steps.resize(2);
  scenario.steps[0].action = Call{};
  scenario.steps[1].action = Receive{testing::message("websocket.connect")};
  scenario.steps.push_back(testing::expects(SelectorKind::sent, R"({"type": "websocket.accept"})"));
  scenario.steps.push_back(testing::expects(kind, pattern));
  scenario.guards = {false, false, false, false, false};
  return scenario;
}

Step skipping(SelectorKind kind, const char* pattern) {
  Step step = testing::expects(kind, pattern);
  std::get<Expect>(step.action).skip = true;
  return step;
}

Finding last(const Scenario& scenario, Story story) {
  const Verdict verdict = judge(scenario, story.done());
  REQUIRE(!verdict.findings.empty());
  return verdict.findings.back();
}

const char* const text = R"({"type": "websocket.send"})";

}  // namespace

TEST_CASE("asgi expectations: nothing came, and where the call is", "[judge]") {
  const Scenario scenario = session(SelectorKind::sent, text);
  const auto waits = [&](Payload state, Duration waited = seconds(2)) {
    Story story = accepted().begin(3).add("main", std::move(state));
    const Finding finding = last(scenario, story.add("main", DeadlineHit{waited, true}).end(false));
    CHECK(finding.outcome == Outcome::relapsed);
    return finding.observed;
  };
  CHECK(waits(AsgiWaiting{"receive", ""}) == "no send() in 2.00 s, WAITING in receive");
  CHECK(waits(AsgiWaiting{"other", "/app/session.py:12 in reply"}) ==
        "no send() in 2.00 s, WAITING in /app/session.py:12 in reply");
  CHECK(waits(AsgiWaiting{"receive", ""}, {}) == "no send(), WAITING in receive");
  // It waited before it was fed; nothing says that it waits now.
  Story woken = accepted().begin(3).add("main", AsgiWaiting{"receive", ""});
  woken.add("main", fed("websocket.receive")).add("main", DeadlineHit{seconds(2), true}).end(false);
  CHECK(last(scenario, woken).observed == "no send() in 2.00 s");
  CHECK(last(scenario, accepted().begin(3).add("", ProcessExited{1, std::nullopt}).end(false))
            .observed == "nothing; EXIT 1");
  // A call that is over before the step.
  const Scenario waiting = session(SelectorKind::waiting, R"("receive")");
  Story over = accepted().begin(3).add("main", DeadlineHit{{}, true}).end(false);
  CHECK(last(waiting, over).observed == "nothing");
}

TEST_CASE("asgi expectations: a call that ended is no match, with skip too", "[judge]") {
  Scenario scenario = session(SelectorKind::sent, text);
  Finding finding = last(scenario, accepted().begin(3).add("main", AsgiReturned{}).end(false));
  CHECK(finding.outcome == Outcome::relapsed);
  CHECK(finding.observed == "RETURNED");
  scenario.steps[3] = skipping(SelectorKind::sent, R"({"type": "websocket.close"})");
  Story story = accepted().begin(3).add("main", sent(2, "websocket.send", R"("text": "a")"));
  finding = last(scenario, story.add("main", raised("KeyError", "x")).end(false));
  CHECK(finding.observed == "RAISED KeyError: x");
  Story found = accepted().begin(3).add("main", sent(2, "websocket.send", R"("text": "a")"));
  found.add("main", sent(3, "websocket.close")).end();
  CHECK(last(scenario, found).outcome == Outcome::holds);
}

TEST_CASE("asgi expectations: another wait is stepped over, another deed is not", "[judge]") {
  const Scenario scenario = session(SelectorKind::waiting, R"("receive")");
  const AsgiWaiting timer{"other", "a.py:1 in wait"};
  const AsgiWaiting receive{"receive", ""};
  Story first_timer = accepted().begin(3).add("main", timer).add("main", receive).end();
  CHECK(last(scenario, first_timer).outcome == Outcome::holds);
  Story only_timer = accepted().begin(3).add("main", timer);
  const Finding finding =
      last(scenario, only_timer.add("main", DeadlineHit{seconds(2), true}).end(false));
  CHECK(finding.outcome == Outcome::relapsed);
  CHECK(finding.observed == "nothing in 2.00 s, WAITING in a.py:1 in wait");
  Story sends = accepted().begin(3).add("main", sent(2, "websocket.send", R"("text": "a")"));
  sends.add("main", receive).end();
  CHECK(last(scenario, sends).outcome == Outcome::relapsed);
  Scenario skips = scenario;
  skips.steps[3] = skipping(SelectorKind::waiting, R"("receive")");
  CHECK(last(skips, sends).outcome == Outcome::holds);
}

TEST_CASE("asgi expectations: a wait that ended before the step is none", "[judge]") {
  Scenario scenario = session(SelectorKind::waiting, R"("receive")");
  scenario.steps.insert(scenario.steps.begin() + 3, Step{});
  scenario.steps[3].action = Receive{testing::message("websocket.receive")};
  const AsgiWaiting receive{"receive", ""};
  const auto told = [&] { return accepted().add("main", receive).begin(3); };
  // Still waiting when the step begins: the same wait.
  CHECK(last(scenario, told().end().begin(4).end()).outcome == Outcome::holds);
  const auto after_feeding = [&] {
    return told().add("main", fed("websocket.receive")).end().begin(4);
  };
  CHECK(last(scenario, after_feeding().add("main", receive).end()).outcome == Outcome::holds);
  CHECK(last(scenario, after_feeding().add("main", DeadlineHit{seconds(2), true}).end(false))
            .outcome == Outcome::relapsed);
  // What it sent in between is not overlooked.
  Story sends = accepted().add("main", receive).begin(3).add("main", sent(2, "websocket.close"));
  sends.add("main", fed("websocket.receive")).end().begin(4).add("main", receive).end();
  CHECK(last(scenario, sends).observed == "websocket.close");
}

TEST_CASE("asgi expectations: a new call on the lane begins anew", "[judge]") {
  Scenario scenario = session(SelectorKind::sent, R"({"type": "websocket.accept"})");
  scenario.steps.insert(scenario.steps.begin() + 3, Step{});
  scenario.steps[3].action = Call{};
  Story story = accepted().add("main", AsgiReturned{}).begin(3).add("main", called("websocket"));
  story.end().begin(4).add("main", sent(1, "websocket.accept")).end();
  CHECK(last(scenario, story).outcome == Outcome::holds);
}

TEST_CASE("asgi expectations: tasks are counted in the step, beside the lane", "[judge]") {
  Scenario scenario = session(SelectorKind::pending_tasks, "0");
  scenario.steps.push_back(testing::expects(SelectorKind::sent, text));
  Story story = accepted().add("", AsgiTasks{3, {}});
  story.add("main", sent(2, "websocket.send", R"("text": "a")"));
  story.begin(3).add("", AsgiTasks{0, {}}).end().begin(4).end();
  CHECK(last(scenario, story).outcome == Outcome::holds);
  CHECK(judge(scenario, story.done()).outcome == Outcome::holds);
  Story left = accepted().begin(3).add("", AsgiTasks{1, {}}).end(false);
  CHECK(last(scenario, left).observed == "1 task is left");
}

TEST_CASE("asgi expectations: silence hears what a call sends", "[judge]") {
  Scenario scenario = session(SelectorKind::silence, "null");
  std::get<Expect>(scenario.steps[3].action).silence = milliseconds(100);
  CHECK(last(scenario, accepted().begin(3).end()).outcome == Outcome::holds);
  Story heard = accepted().begin(3).add("main", sent(2, "websocket.send", R"("text": "a")"));
  CHECK(last(scenario, heard.end(false)).outcome == Outcome::relapsed);
}

TEST_CASE("asgi expectations: a deadline on the virtual clock is exact", "[judge]") {
  Scenario scenario = session(SelectorKind::sent, text);
  Story story = Story().add("", Paced{seconds(1), true});
  story.begin(0).add("main", called("websocket")).end().begin(1);
  story.add("main", fed("websocket.connect")).end().begin(2);
  story.add("main", sent(1, "websocket.accept")).end().begin(3).add("", Delayed{seconds(1)});
  story.add("main", DeadlineHit{seconds(2), true}).end(false);
  const Timeline timeline = story.done();
  CHECK(judge(scenario, timeline).outcome == Outcome::inconclusive);
  CHECK(excuse(scenario, timeline).has_value());
  scenario.virtual_clock = true;
  CHECK(judge(scenario, timeline).outcome == Outcome::relapsed);
  CHECK_FALSE(excuse(scenario, timeline).has_value());
}

TEST_CASE("asgi expectations: how fast a call answers", "[judge]") {
  Story story;
  story.add("probe", called("http"));
  Timeline timeline = story.add("probe", sent(1, "http.response.start")).done();
  timeline.events[1].at_ns = 300;
  REQUIRE(shortest_round_trip(timeline).has_value());
  CHECK(shortest_round_trip(timeline)->count() == 300);
}

TEST_CASE("asgi expectations: a flood of messages fills the record by itself", "[judge]") {
  Story story = accepted().begin(3);
  for (int i = 0; i < 5; ++i) {
    story.add("main", sent(2 + i, "websocket.send", R"("text": "a")"));
  }
  story.add("", Overflowed{100, 100}).end(false);
  Scenario scenario = session(SelectorKind::sent, text);
  scenario.steps[3] = skipping(SelectorKind::sent, R"({"type": "websocket.close"})");
  CHECK(last(scenario, story).outcome == Outcome::relapsed);
}

}  // namespace relapse
