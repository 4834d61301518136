#include "judge/timing.hpp"

#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "judge/judge.hpp"

using namespace relapse;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

/// A timeline event by event, a step at a time.
class Record {
 public:
  Record& step(int step) {
    step_ = step;
    return add("", StepStarted{});
  }
  Record& over(bool satisfied = true) {
    add("", StepEnded{satisfied});
    step_ = -1;
    return *this;
  }
  Record& add(std::string lane, Payload payload, milliseconds at = {}) {
    Event event;
    event.seq = static_cast<std::uint32_t>(timeline.events.size()) + 1;
    event.at_ns = std::chrono::nanoseconds(at).count();
    event.step = step_;
    event.lane = std::move(lane);
    event.payload = std::move(payload);
    timeline.events.push_back(std::move(event));
    return *this;
  }
  Record& text(Direction direction, std::string text, milliseconds at = {}) {
    WsFrame frame;
    frame.direction = direction;
    frame.opcode = 1;
    frame.payload = std::move(text);
    return add("main", frame, at);
  }
  Record& http(Direction direction, milliseconds at = {}) {
    HttpMessage message;
    message.direction = direction;
    message.status = direction == Direction::received ? 200 : 0;
    return add("main", message, at);
  }

  Timeline timeline;

 private:
  int step_ = -1;
};

Step expects(SelectorKind kind, const char* pattern) {
  Step step;
  Expect expect;
  expect.selector.kind = kind;
  expect.selector.lane = "main";
  expect.selector.pattern.json = Value(Json::parse(pattern));
  expect.silence = milliseconds{400};
  step.action = expect;
  return step;
}

/// One request was sent; the second step waits.
Record asked(Duration before = {}) {
  Record record;
  if (before > Duration::zero()) {
    record.add("", Paced{before, true});
  }
  record.step(0).http(Direction::sent).over().step(1);
  return record;
}

Verdict judged(Record record, Step waits) {
  Scenario scenario;
  Step request;
  request.action = Send{SendRequest{}};
  scenario.steps = {request, std::move(waits)};
  record.timeline.complete = true;
  return judge(scenario, record.timeline);
}

const DeadlineHit missed{seconds{2}, false};
const Step wants_hi = expects(SelectorKind::text, "\"hi\"");
const Step wants_silence = expects(SelectorKind::silence, "null");

}  // namespace

TEST_CASE("timing: a deadline that the machine took away says nothing", "[judge]") {
  struct Row {
    milliseconds late;
    Outcome outcome;
  };
  const Row row =
      GENERATE(Row{milliseconds{0}, Outcome::relapsed}, Row{milliseconds{500}, Outcome::relapsed},
               Row{milliseconds{501}, Outcome::inconclusive},
               Row{milliseconds{1200}, Outcome::inconclusive});
  Record record = asked();
  record.add("", Delayed{row.late / 2}).add("", Delayed{row.late - row.late / 2});
  record.add("main", missed).over(false);
  CHECK(judged(record, wants_hi).outcome == row.outcome);
}

TEST_CASE("timing: a deadline shorter than four round trips says nothing", "[judge]") {
  struct Row {
    milliseconds before, after;
    Outcome outcome;
  };
  const Row row = GENERATE(Row{milliseconds{500}, milliseconds{1}, Outcome::relapsed},
                           Row{milliseconds{501}, milliseconds{1}, Outcome::inconclusive},
                           Row{milliseconds{1}, milliseconds{900}, Outcome::inconclusive});
  Record record = asked(row.before);
  record.add("main", missed).over(false).add("", Paced{row.after, false});
  CHECK(judged(record, wants_hi).outcome == row.outcome);
}

TEST_CASE("timing: an exit crosses no network, so a slow answer excuses none", "[judge]") {
  const auto verdict = [](Payload condition) {
    Record record;
    record.add("", Paced{seconds{1}, true}).step(0).over().step(1).add("", std::move(condition));
    record.add("main", DeadlineHit{seconds{2}, true}).over(false);
    Scenario scenario;
    Step start;
    Start how;
    how.ready = ReadyWait::none;
    start.action = how;
    scenario.steps = {start, expects(SelectorKind::exit, "{}")};
    record.timeline.complete = true;
    return judge(scenario, record.timeline).outcome;
  };
  CHECK(verdict(Delayed{milliseconds{20}}) == Outcome::relapsed);
  CHECK(verdict(Delayed{milliseconds{900}}) == Outcome::inconclusive);
}

TEST_CASE("timing: the reason names the numbers", "[judge]") {
  SECTION("machine") {
    Record record = asked();
    record.add("", Delayed{milliseconds{1200}}).add("main", missed).over(false);
    CHECK(judged(record, wants_hi).reason ==
          "step 2: expected TEXT \"hi\", observed nothing came in 2.00 s, but this machine let "
          "the harness wait 1.20 s of it");
  }
  SECTION("network") {
    Record record = asked(milliseconds{900});
    record.add("main", missed).over(false);
    CHECK(judged(record, wants_hi).reason ==
          "step 2: expected TEXT \"hi\", observed nothing came in 2.00 s, but this target's "
          "shortest round trip was 0.90 s");
  }
}

TEST_CASE("timing: what was lost in another step does not excuse this one", "[judge]") {
  Record record;
  record.step(0).http(Direction::sent).add("", Delayed{seconds{2}}).over();
  record.step(1).add("main", missed).over(false).add("", Delayed{seconds{2}});
  CHECK(judged(record, wants_hi).outcome == Outcome::relapsed);
}

TEST_CASE("timing: what was seen is evidence, however slow", "[judge]") {
  Record record = asked(seconds{5});
  record.add("", Delayed{seconds{9}});
  SECTION("a wrong message") {
    record.text(Direction::received, "no").over(false);
    CHECK(judged(record, wants_hi).outcome == Outcome::relapsed);
  }
  SECTION("the right one") {
    record.text(Direction::received, "hi").over();
    CHECK(judged(record, wants_hi).outcome == Outcome::holds);
  }
  SECTION("the connection ended, long before the deadline") {
    record.add("main", Ended{Direction::received, EndKind::rst, true, "reset"});
    record.add("main", DeadlineHit{milliseconds{3}, true}).over(false);
    CHECK(judged(record, wants_hi).outcome == Outcome::relapsed);
  }
  SECTION("something in what should have been silence") {
    record.text(Direction::received, "hi").over(false);
    CHECK(judged(record, wants_silence).outcome == Outcome::relapsed);
  }
}

TEST_CASE("timing: a silence counts only as far as it was listened to", "[judge]") {
  struct Row {
    milliseconds late, round_trip;
    Outcome outcome;
  };
  const Row row = GENERATE(Row{milliseconds{100}, milliseconds{400}, Outcome::holds},
                           Row{milliseconds{101}, milliseconds{1}, Outcome::inconclusive},
                           Row{milliseconds{0}, milliseconds{401}, Outcome::inconclusive});
  Record record = asked(row.round_trip);
  record.add("", Delayed{row.late}).over();
  CHECK(judged(record, wants_silence).outcome == row.outcome);
}

TEST_CASE("timing: behind a silence that was not fully observed, evidence still counts",
          "[judge]") {
  Scenario scenario;
  Step request;
  request.action = Send{SendRequest{}};
  scenario.steps = {request, wants_silence, wants_hi};
  Record record = asked();
  record.add("", Delayed{seconds{1}}).over();
  record.step(2).text(Direction::received, "no").over(false);
  record.timeline.complete = true;
  CHECK(judge(scenario, record.timeline).outcome == Outcome::relapsed);
}

TEST_CASE("timing: connecting, starting and stopping have deadlines too", "[judge]") {
  Scenario scenario;
  Record record;
  Step step;
  const bool late = GENERATE(true, false);
  const Delayed lost{late ? seconds{1} : seconds{0}};
  SECTION("connecting") {
    step.action = Send{SendRequest{}};
    Step other = step;
    other.lane = "other";
    scenario.steps = {other, step, wants_hi};
    record.step(0).add("other", HttpMessage{}).over();
    record.step(1).add("", lost).add("main", ConnectFailed{"h", 1, "Connection timed out"}).over();
    record.step(2).add("main", DeadlineHit{milliseconds{0}, false}).over(false);
  }
  SECTION("start") {
    step.action = Start{};
    scenario.steps = {step};
    record.step(0).add("", lost).add("", Ready{false, seconds{2}, "no answer"}).over(false);
  }
  SECTION("stop") {
    step.action = Stop{};
    scenario.steps = {step};
    record.add("main", HttpMessage{});
    record.step(0).add("", lost).add("", DeadlineHit{seconds{2}, true}).over(false);
  }
  record.timeline.complete = true;
  CHECK(judge(scenario, record.timeline).outcome ==
        (late ? Outcome::inconclusive : Outcome::relapsed));
}

TEST_CASE("timing: a start that the process itself ended is evidence", "[judge]") {
  Scenario scenario;
  Step step;
  step.action = Start{};
  scenario.steps = {step};
  Record record;
  record.step(0).add("", Delayed{seconds{2}}).add("", ProcessExited{1, {}});
  record.add("", Ready{false, seconds{2}, "the process exited with 1"}).over(false);
  record.timeline.complete = true;
  const auto claims = judge(scenario, record.timeline).relapsed_claims();
  CHECK(claims == std::vector<std::string>{"step 1", "guard:liveness"});
}

TEST_CASE("timing: a probe that had no time to work says nothing, another failure does",
          "[judge]") {
  Record record = asked();
  record.text(Direction::received, "hi").over();
  const bool excused = GENERATE(true, false);
  if (excused) {
    record.add("probe", GENERATE(Payload{Delayed{seconds{1}}}, Payload{Paced{seconds{1}, false}}));
  }
  record.add("probe", Probed{"echo", false, false, "nothing came in 2 s"});
  const Verdict verdict = judged(record, wants_hi);
  CHECK(verdict.outcome == (excused ? Outcome::inconclusive : Outcome::relapsed));
}

TEST_CASE("timing: a count that more events could still make right is open after an untimely end",
          "[judge]") {
  struct Row {
    const char* count;
    Outcome outcome;
  };
  const Row row = GENERATE(Row{"2", Outcome::inconclusive}, Row{"0", Outcome::relapsed});
  Scenario scenario;
  Step request;
  request.action = Send{SendRequest{}};
  scenario.steps = {request, wants_hi};
  Claim claim;
  claim.kind = Claim::Kind::count;
  claim.selector.kind = SelectorKind::response;
  claim.selector.pattern.json = Value(Json::object());
  claim.count.json = Value(Json::parse(row.count));
  scenario.claims = {claim};
  Record record = asked();
  HttpMessage answer;
  answer.direction = Direction::received;
  record.add("other", answer);
  record.add("", Delayed{seconds{1}}).add("main", missed).over(false);
  record.timeline.complete = true;
  CHECK(judge(scenario, record.timeline).outcome == row.outcome);
}

TEST_CASE("timing: the excuse of a replay is the event that made its deadline unfair", "[judge]") {
  Scenario scenario;
  scenario.steps = {wants_hi};
  Record record;
  record.add("", Paced{milliseconds{600}, true}).step(0);
  SECTION("the machine, before the network") {
    record.add("", Delayed{seconds{1}}).add("main", missed).over(false);
    CHECK(excuse(scenario, record.timeline) == Payload{Delayed{seconds{1}}});
  }
  SECTION("the network") {
    record.add("main", missed).over(false);
    CHECK(excuse(scenario, record.timeline) == Payload{Paced{milliseconds{600}, false}});
  }
  SECTION("refused: no time was missed") {
    record.add("main", ConnectFailed{"h", 1, "Connection refused"}).over(false);
    CHECK_FALSE(excuse(scenario, record.timeline));
  }
}

TEST_CASE("timing: the shortest round trip, not the mean and not what was on its way", "[judge]") {
  const auto sent = Direction::sent;
  const auto received = Direction::received;
  Record record;
  SECTION("nothing was answered") {
    record.http(sent, milliseconds{10});
    CHECK_FALSE(shortest_round_trip(record.timeline));
  }
  SECTION("a slow error path does not count") {
    record.http(sent, milliseconds{10}).http(received, milliseconds{910});
    record.http(sent, milliseconds{1000}).http(received, milliseconds{1030});
    CHECK(shortest_round_trip(record.timeline) == milliseconds{30});
  }
  SECTION("a greeting that was on its way is no answer to what was sent") {
    record.http(sent, milliseconds{0}).http(received, milliseconds{40});
    record.text(sent, "ping", milliseconds{41}).text(received, "welcome", milliseconds{42});
    record.text(received, "pong", milliseconds{81});
    CHECK(shortest_round_trip(record.timeline) == milliseconds{40});
  }
  SECTION("an echo counts") {
    record.http(sent, milliseconds{0}).http(received, milliseconds{40});
    record.text(sent, "a", milliseconds{50}).text(received, "a", milliseconds{60});
    record.text(sent, "b", milliseconds{70}).text(received, "b", milliseconds{90});
    CHECK(shortest_round_trip(record.timeline) == milliseconds{10});
  }
}
