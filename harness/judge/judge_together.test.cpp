#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "judge/judge.hpp"
#include "judge/story.hpp"

using namespace relapse;
using namespace relapse::testing;

namespace {

/// Two branches, steps 0 to 2 on "a" and 3 to 5 on "b", whose events are interleaved as they came.
struct Beside {
  Scenario scenario;
  Timeline timeline;

  Beside() {
    for (const char* lane : {"a", "b"}) {
      for (int i = 0; i < 3; ++i) {
        Step step =
            i == 0 ? send_upgrade() : expects(SelectorKind::text, i == 1 ? "\"1\"" : "\"2\"");
        step.lane = lane;
        step.group = 0;
        step.branch = *lane - 'a';
        if (auto* expect = std::get_if<Expect>(&step.action)) {
          expect->selector.lane = lane;
        }
        scenario.steps.push_back(step);
      }
    }
    scenario.guards = {false, false, false};
  }
  Beside& at(int step, std::string lane, Payload payload) {
    Event event;
    event.seq = static_cast<std::uint32_t>(timeline.events.size()) + 1;
    event.step = step;
    event.lane = std::move(lane);
    event.payload = std::move(payload);
    timeline.events.push_back(std::move(event));
    return *this;
  }
  Beside& says(int step, const char* lane, const char* text) {
    WsFrame frame;
    frame.direction = Direction::received;
    frame.opcode = 1;
    frame.payload = text;
    frame.message_opcode = 1;
    frame.message = text;
    return at(step, lane, frame);
  }
  Beside& sent(int step, const char* lane) {
    HttpMessage message;
    message.direction = Direction::sent;
    return at(step, lane, message);
  }
  Beside& both_begin() {
    return at(0, "", StepStarted{})
        .sent(0, "a")
        .at(3, "", StepStarted{})
        .sent(3, "b")
        .at(0, "", StepEnded{})
        .at(1, "", StepStarted{})
        .at(3, "", StepEnded{})
        .at(4, "", StepStarted{});
  }
  Verdict verdict() {
    timeline.complete = true;
    return judge(scenario, timeline);
  }
};

}  // namespace

TEST_CASE("judge: interleaved branches are judged by the order on each connection", "[judge]") {
  Beside beside;
  beside.both_begin().says(4, "b", "1").says(1, "a", "1").at(4, "", StepEnded{});
  beside.at(5, "", StepStarted{}).at(1, "", StepEnded{}).at(2, "", StepStarted{});
  beside.says(2, "a", "2").says(5, "b", "2").at(2, "", StepEnded{}).at(5, "", StepEnded{});
  const Verdict verdict = beside.verdict();
  CHECK(verdict.outcome == Outcome::holds);
  CHECK(verdict.findings.size() == 4);
}

TEST_CASE("judge: a false branch does not end the judgement of the others", "[judge]") {
  Beside beside;
  beside.both_begin().says(1, "a", "wrong").at(1, "", StepEnded{false});
  SECTION("which hold") {
    beside.says(4, "b", "1").at(4, "", StepEnded{}).at(5, "", StepStarted{}).says(5, "b", "2");
    beside.at(5, "", StepEnded{});
    const Verdict verdict = beside.verdict();
    CHECK(verdict.outcome == Outcome::relapsed);
    CHECK(verdict.relapsed_claims() == std::vector<std::string>{"step 2"});
    CHECK(verdict.findings.size() == 3);
  }
  SECTION("and which may be false too, for a reason of their own") {
    beside.at(4, "b", DeadlineHit{std::chrono::seconds{2}, true}).at(4, "", StepEnded{false});
    const Verdict verdict = beside.verdict();
    CHECK(verdict.relapsed_claims() == std::vector<std::string>{"step 2", "step 5"});
  }
}

TEST_CASE("judge: the deadline of another branch is not this step's", "[judge]") {
  // Step 1 was cut off while it waited; only step 4 has waited to its end.
  Beside beside;
  beside.both_begin().at(4, "b", DeadlineHit{std::chrono::seconds{2}, true});
  beside.at(4, "", StepEnded{false}).at(1, "", StepEnded{false});
  beside.timeline.complete = false;
  const Verdict verdict = judge(beside.scenario, beside.timeline);
  REQUIRE(verdict.findings.size() == 2);
  CHECK(verdict.findings[0].outcome == Outcome::inconclusive);
  CHECK(verdict.findings[1].outcome == Outcome::relapsed);
}
