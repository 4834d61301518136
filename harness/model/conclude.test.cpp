#include "model/conclude.hpp"

#include "catch.hpp"
#include "model/sweep.hpp"

namespace relapse {
namespace {

using namespace std::chrono_literals;

constexpr Duration none{-1};

/// One letter an attempt: h(olds), r(elapsed), i(nconclusive) on a shared process; H, R, I alone;
/// S: relapsed alone, because a later scenario did not hold after it.
std::vector<Attempt> attempts(std::string_view letters, Duration point = none) {
  std::vector<Attempt> made;
  for (const char letter : letters) {
    Attempt attempt;
    const char small = static_cast<char>(letter | 0x20);
    attempt.alone = letter != small;
    attempt.verdict.outcome = small == 'h'   ? Outcome::holds
                              : small == 'i' ? Outcome::inconclusive
                                             : Outcome::relapsed;
    attempt.verdict.reason = small == 'h' ? "" : std::string(1, letter) + "!";
    if (letter == 'S')
      attempt.timeline.events.push_back(
          {.seq = 1, .lane = "probe", .payload = Probed{"then ws/x", false, false, "hang"}});
    if (point != none)
      attempt.swept = point;
    made.push_back(std::move(attempt));
  }
  return made;
}

ScenarioResult result(std::string_view letters, Repeat repeat = {}, std::string disturbed_by = {}) {
  ScenarioResult made;
  made.attempts = attempts(letters);
  made.repeat = repeat;
  made.disturbed_by = std::move(disturbed_by);
  return made;
}

void add(ScenarioResult& result, std::string_view letters, Duration point) {
  for (Attempt& attempt : attempts(letters, point))
    result.attempts.push_back(std::move(attempt));
}

}  // namespace

TEST_CASE("conclude: one replay, its retries, and several that are judged together", "[model]") {
  struct Row {
    std::string letters;
    Repeat repeat;
    std::string disturbed_by;
    Outcome outcome;
    std::string reason;
  };
  const std::string stopped = " (the others could not change that and were not replayed)";
  const std::vector<Row> rows{
      // A single replay.
      {"", {}, "", Outcome::inconclusive, "not replayed"},
      {"h", {}, "", Outcome::holds, ""},
      {"r", {}, "", Outcome::relapsed, "r!"},
      {"i", {}, "", Outcome::inconclusive, "i!"},
      {"rR", {}, "", Outcome::relapsed, "r!"},
      {"rH", {}, "", Outcome::flaky, "r!"},
      {"rRH", {}, "", Outcome::flaky, "r!"},
      {"rI", {}, "", Outcome::relapsed, "r!"},
      {"iH", {}, "", Outcome::holds, ""},
      {"iR", {}, "", Outcome::relapsed, "R!"},
      {"iI", {}, "", Outcome::inconclusive, "i!"},
      // What was seen on the spoilt process is another's doing; what it shows alone is its own.
      {"rH", {}, "ws/a", Outcome::holds, ""},
      {"iH", {}, "ws/a", Outcome::holds, ""},
      {"rR", {}, "ws/a", Outcome::relapsed, "R!"},
      {"rRH", {}, "ws/a", Outcome::flaky, "R!"},
      {"rI", {}, "ws/a", Outcome::inconclusive, "I!"},
      {"r", {}, "ws/a", Outcome::inconclusive, "not replayed"},
      // The culprit held as far as anybody looked.
      {"hS", {}, "", Outcome::relapsed, "S!"},
      {"hhhS", {3, 3}, "", Outcome::relapsed, "S!"},
      {"hRS", {}, "", Outcome::relapsed, "S!"},
      // Of several.
      {"hhh", {3, 2}, "", Outcome::holds, ""},
      {"hhr", {3, 2}, "", Outcome::flaky, "held 2 of 3, needs 2: r!"},
      {"hrR", {3, 2}, "", Outcome::relapsed, "held 1 of 3, needs 2: r!"},
      {"hhr", {3, 3}, "", Outcome::relapsed, "held 2 of 3, needs 3: r!"},
      {"rrr", {3, 1}, "", Outcome::relapsed, "held 0 of 3, needs 1: r!"},
      {"hhi", {3, 2}, "", Outcome::inconclusive, "held 2 of 3, 1 inconclusive, needs 2: i!"},
      {"hri", {3, 2}, "", Outcome::inconclusive, "held 1 of 3, 1 inconclusive, needs 2: i!"},
      {"hri", {3, 1}, "", Outcome::flaky, "held 1 of 2, needs 1 of 3" + stopped + ": r!"},
      {"rri", {3, 2}, "", Outcome::relapsed, "held 0 of 2, needs 2 of 3" + stopped + ": r!"},
      {"ri", {3, 3}, "", Outcome::relapsed, "held 0 of 1, needs 3 of 3" + stopped + ": r!"},
      {"hih", {2, 2}, "", Outcome::holds, ""},
      {"hi",
       {4, 2},
       "",
       Outcome::inconclusive,
       "held 1 of 4, 1 inconclusive, 2 not replayed, needs 2: i!"},
      {"hh", {3, 2}, "", Outcome::inconclusive, "held 2 of 3, 1 not replayed, needs 2"},
      {"", {3, 2}, "", Outcome::inconclusive, "held 0 of 3, 3 not replayed, needs 2"},
      {"hrHH", {3, 3}, "ws/a", Outcome::holds, ""},
      // One more than wanted, alone, to see whether the relapse is its own.
      {"hrH",
       {2, 2},
       "",
       Outcome::relapsed,
       "held 2 of 3, needs 2 of 2 (one more was replayed to see it alone): r!"},
      {"hrH",
       {2, 1},
       "",
       Outcome::flaky,
       "held 2 of 3, needs 1 of 2 (one more was replayed to see it alone): r!"},
      {"hrH", {2, 2}, "ws/a", Outcome::holds, ""},
      {"rHH", {3, 3}, "ws/a", Outcome::inconclusive, "held 2 of 3, 1 not replayed, needs 3"},
  };
  for (const Row& row : rows) {
    INFO(row.letters << " " << row.repeat.at_least << " of " << row.repeat.times);
    const Conclusion found = conclude(result(row.letters, row.repeat, row.disturbed_by), {});
    CHECK(found.outcome == row.outcome);
    CHECK(found.reason == row.reason);
  }
}

TEST_CASE("conclude: over the points of a sweep", "[model]") {
  const std::vector<Duration> points{0ms, 20ms, 40ms, 60ms, 80ms};
  ScenarioResult swept;
  const auto all = [&](const std::vector<std::string>& letters) {
    swept.attempts.clear();
    for (std::size_t i = 0; i < points.size(); ++i)
      add(swept, letters[i], points[i]);
    return conclude(swept, points);
  };
  CHECK(all({"h", "h", "h", "h", "h"}) == Conclusion{Outcome::holds, ""});
  CHECK(all({"h", "rR", "rR", "h", "iR"}) ==
        Conclusion{Outcome::relapsed,
                   "relapsed at 3 of 5 points: 20 ms to 40 ms, 80 ms; at 20 ms: r!"});
  CHECK(all({"h", "rH", "h", "h", "h"}) ==
        Conclusion{Outcome::flaky, "flaky at 1 of 5 points: 20 ms; at 20 ms: r!"});
  CHECK(all({"h", "rH", "iI", "h", "h"}) ==
        Conclusion{Outcome::inconclusive, "inconclusive at 1 of 5 points: 40 ms; at 40 ms: i!"});
  CHECK(all({"h", "rH", "iI", "rR", "h"}).outcome == Outcome::relapsed);
  // A point that nobody replayed is not one that holds.
  CHECK(all({"h", "h", "h", "h", ""}) ==
        Conclusion{Outcome::inconclusive,
                   "inconclusive at 1 of 5 points: 80 ms; at 80 ms: not replayed"});
  // The rule applies at each point, not to the sum.
  swept.repeat = {2, 1};
  CHECK(all({"hh", "hh", "rr", "hh", "hr"}) ==
        Conclusion{Outcome::relapsed,
                   "relapsed at 1 of 5 points: 40 ms; at 40 ms: held 0 of 2, "
                   "needs 1: r!"});
  swept.repeat = {};
  swept.disturbed_by = "ws/a";
  CHECK(all({"h", "h", "rH", "H", "H"}).outcome == Outcome::holds);
}

TEST_CASE("conclude: when one more replay could change the verdict", "[model]") {
  const auto more = [](std::string_view letters, Repeat repeat, ReplayRules rules = {}) {
    const auto made = attempts(letters);
    const Outcome last = made.empty() ? Outcome::inconclusive : made.back().verdict.outcome;
    return wants_another(tallies(made, {}, false).front(), last, repeat, rules);
  };
  const Repeat once{}, eight{10, 8}, all{3, 3};
  CHECK(more("", once));
  CHECK_FALSE(more("h", once));
  CHECK(more("r", once));
  CHECK(more("i", once));
  CHECK_FALSE(more("r", once, {1, false}));
  CHECK(more("i", once, {1, false}));
  CHECK_FALSE(more("i", once, {0, true}));
  CHECK_FALSE(more("rR", once));
  CHECK_FALSE(more("rI", once));
  CHECK(more("rR", once, {2, true}));
  CHECK_FALSE(more("rH", once, {2, true}));

  CHECK(more("hhhhhhhhh", eight));
  CHECK_FALSE(more("hhhhhhhhhh", eight));
  CHECK(more("rr", eight));
  CHECK_FALSE(more("rrr", eight));  // 7 can hold at most
  CHECK(more("hhhhhhhr", eight));
  CHECK_FALSE(more("hhhhhhhhr", eight));  // flaky, whatever the tenth shows
  CHECK(more("hhhhhhhhhi", eight));       // an inconclusive one is repeated
  CHECK_FALSE(more("hhhhhhhhhiI", eight));
  CHECK_FALSE(more("r", all));
  CHECK_FALSE(more("iI", all));  // a target that never answers
  CHECK(more("iIhh", {5, 5}));
}

TEST_CASE("sweep: the points, and the scenario at one of them", "[model]") {
  Scenario scenario;
  CHECK(sweep_points(scenario).empty());
  scenario.steps.push_back({.at = {}, .action = Pause{5ms, std::nullopt}});
  CHECK(sweep_points(scenario).empty());
  // A step that is repeated stands in the list as often: it is one sweep.
  for (int i = 0; i < 2; ++i)
    scenario.steps.push_back({.at = {}, .action = Pause{0ms, Sweep{0ms, 200ms, 11}}});
  const auto points = sweep_points(scenario);
  REQUIRE(points.size() == 11);
  CHECK(points.front() == 0ms);
  CHECK(points[1] == 20ms);
  CHECK(points.back() == 200ms);
  const Scenario fixed = at_point(scenario, 40ms);
  CHECK(std::get<Pause>(fixed.steps[0].action).duration == 5ms);
  for (const std::size_t i : {1u, 2u}) {
    CHECK(std::get<Pause>(fixed.steps[i].action).duration == 40ms);
    CHECK_FALSE(std::get<Pause>(fixed.steps[i].action).sweep);
  }
  scenario.steps = {{.at = {}, .action = Pause{0ms, Sweep{1h, 1000h, 1000}}}};
  CHECK(sweep_points(scenario)[500] == 501h);
  scenario.steps = {{.at = {}, .action = Pause{0ms, Sweep{0ms, 1ms, 4}}}};
  CHECK(point_text(sweep_points(scenario)[1]) == "0.333 ms");
  CHECK(point_text(40ms) == "40 ms");
  CHECK(point_text(12500ms) == "12.5 s");
  CHECK(point_text(0ms) == "0 ms");
}

}  // namespace relapse
