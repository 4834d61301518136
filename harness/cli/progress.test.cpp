#include "cli/progress.hpp"

#include "catch.hpp"
#include "report/layout.hpp"

namespace relapse {
namespace {

using std::chrono::seconds;

const RunProgress::Time begin{};

ScenarioResult result_of(const std::string& id, Outcome outcome, bool known = false) {
  ScenarioResult result;
  result.scenario = id;
  result.target = "t";
  result.outcome = outcome;
  result.known = known;
  return result;
}

}  // namespace

TEST_CASE("progress: counts, time, what runs now", "[cli]") {
  RunProgress progress(10, begin);
  CHECK(progress.line(begin, 100, true) == "[0/10] 00:00");
  progress.started("ws/slow", "t", begin);
  progress.started("ws/other", "u", begin + seconds{5});
  CHECK(progress.line(begin + seconds{8}, 100, true) ==
        "[0/10] 00:08 · running: ws/slow 8 s, ws/other 3 s");
  progress.finished(result_of("ws/slow", Outcome::relapsed), begin + seconds{9});
  progress.finished(result_of("a", Outcome::flaky), begin + seconds{9});
  progress.finished(result_of("b", Outcome::holds), begin + seconds{9});
  progress.finished(result_of("c", Outcome::inconclusive), begin + seconds{9});
  progress.finished(result_of("d", Outcome::relapsed, true), begin + seconds{9});
  CHECK(progress.line(begin + seconds{10}, 200, true) ==
        "[5/10] 1 relapsed · 1 flaky · 1 inconclusive · 1 known · 00:10, about 10 s left · "
        "running: ws/other 5 s");
  CHECK(progress.log_line(begin + seconds{10}, false) ==
        "[5/10] 1 relapsed . 1 flaky . 1 inconclusive . 1 known . 00:10, about 10 s left");
}

TEST_CASE("progress: never wider than the terminal", "[cli]") {
  RunProgress progress(10, begin);
  progress.started("ws/" + std::string(200, 'x'), "t", begin);
  for (const std::size_t columns : {1U, 5U, 20U, 79U, 300U}) {
    CHECK(layout::width(progress.line(begin, columns, true)) <= columns);
    CHECK(layout::width(progress.line(begin, columns, false)) <= columns);
  }
}

TEST_CASE("progress: a guess only from what was replayed", "[cli]") {
  RunProgress progress(1000, begin);
  for (int i = 0; i < 500; ++i) {
    progress.finished(result_of("s", Outcome::skipped), begin);
  }
  CHECK(progress.log_line(begin + seconds{60}, true) == "[500/1000] 01:00");
  for (int i = 0; i < 100; ++i) {
    progress.finished(result_of("h", Outcome::holds), begin);
  }
  CHECK(progress.log_line(begin + seconds{60}, true) == "[600/1000] 01:00, about 4 min left");
  CHECK(progress.log_line(begin + seconds{3700}, true) == "[600/1000] 1:01:40, about 4 h left");
}

TEST_CASE("progress: started again, it runs since then", "[cli]") {
  RunProgress progress(2, begin);
  progress.started("a", "t", begin);
  progress.started("a", "t", begin + seconds{10});
  CHECK(progress.running_now(begin + seconds{12}, true) == "[0/2] 00:12\n  running 2 s: a on t\n");
  progress.finished(result_of("a", Outcome::holds), begin + seconds{12});
  CHECK(progress.running_now(begin + seconds{12}, true) ==
        "[1/2] 00:12\n  nothing runs at this moment\n");
}

TEST_CASE("progress: a log hears of it every 30 s, or every tenth when that takes 5 s", "[cli]") {
  RunProgress progress(20, begin);
  LogPace pace(begin);
  CHECK(!pace.due(progress, begin + seconds{29}));
  CHECK(pace.due(progress, begin + seconds{30}));
  CHECK(!pace.due(progress, begin + seconds{31}));
  progress.finished(result_of("a", Outcome::holds), begin);
  progress.finished(result_of("b", Outcome::holds), begin);
  CHECK(!pace.due(progress, begin + seconds{34}));
  CHECK(pace.due(progress, begin + seconds{35}));
  CHECK(!pace.due(progress, begin + seconds{45}));
}

}  // namespace relapse
