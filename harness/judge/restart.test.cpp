#include "judge/restart.hpp"

#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "judge/judge.hpp"

using namespace relapse;

namespace {

struct Row {
  const char* was;
  const char* is;
  bool grows;
  const char* words;  ///< null: no restart
};

/// One request with its answer between the readings.
Timeline replayed(std::vector<Identified> before, std::vector<Identified> after) {
  Timeline timeline;
  const auto add = [&](Payload payload, int step) {
    Event event;
    event.seq = static_cast<std::uint32_t>(timeline.events.size()) + 1;
    event.step = step;
    event.lane = "main";
    event.payload = std::move(payload);
    timeline.events.push_back(std::move(event));
  };
  for (Identified& one : before) {
    one.before = true;
    add(one, -1);
  }
  HttpMessage request;
  add(StepStarted{}, 0);
  add(request, 0);
  add(StepEnded{}, 0);
  for (const Identified& one : after) {
    add(one, -1);
  }
  timeline.complete = true;
  return timeline;
}

Verdict judged(const Timeline& timeline) {
  Scenario scenario;
  Step step;
  step.action = Send{SendRequest{}};
  scenario.steps = {step};
  return judge(scenario, timeline);
}

}  // namespace

TEST_CASE("restart: what counts as a restart", "[judge]") {
  const Row row =
      GENERATE(Row{"a", "a", false, nullptr},
               Row{"a", "b", false, "the target restarted: its identity was a, is b"},
               Row{"10", "12", false, "the target restarted: its identity was 10, is 12"},
               Row{"9", "10", true, nullptr}, Row{"10.5", "10.5", true, nullptr},
               Row{"10", "9", true, "the target restarted: its uptime was 10, is 9"});
  CAPTURE(row.was, row.is, row.grows);
  const auto words = restarted({row.was, row.grows, true}, {row.is, row.grows, false});
  REQUIRE(words.has_value() == (row.words != nullptr));
  if (words) {
    CHECK(*words == row.words);
  }
  const Verdict verdict = judged(replayed({{row.was, row.grows}}, {{row.is, row.grows}}));
  CHECK(verdict.outcome == (words ? Outcome::relapsed : Outcome::holds));
  if (words) {
    CHECK(verdict.relapsed_claims() == std::vector<std::string>{"guard:liveness"});
    CHECK(verdict.decisive()->observed == row.words);
    CHECK(verdict.decisive()->evidence == std::vector<std::uint32_t>{5});
  }
}

TEST_CASE("restart: a restart between two scenarios is neither lost nor this one's relapse",
          "[judge]") {
  const Verdict verdict = judged(replayed({{"a"}, {"b"}}, {{"b"}}));
  CHECK(verdict.outcome == Outcome::inconclusive);
  CHECK(verdict.reason ==
        "after the previous scenario and before this one's first step the target restarted: its "
        "identity was a, is b");
  CHECK(judged(replayed({{"a"}, {"a"}}, {{"a"}})).outcome == Outcome::holds);
}

TEST_CASE("restart: without a reading before, there is nothing to compare", "[judge]") {
  CHECK(judged(replayed({}, {{"b"}})).outcome == Outcome::holds);
}
