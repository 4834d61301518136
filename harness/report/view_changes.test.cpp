#include "report/view_changes.hpp"

#include "catch.hpp"
#include "report/sample_history.hpp"
#include "report/sample_run.hpp"
#include "report/view.hpp"

namespace relapse {

TEST_CASE("changes: grouped by kind and by the way of failing", "[report]") {
  const Run run = testing::library_run(700, 70);
  const Comparison comparison = testing::large_comparison(run, 3);
  const auto groups = view::change_groups(Pages(run, comparison));
  REQUIRE(groups.size() == 1);
  CHECK(groups[0].kind == ChangeKind::relapsed);
  CHECK(groups[0].count() == 70);
  REQUIRE(groups[0].entries.size() == 7);
  CHECK(groups[0].entries[0].items.size() == 10);
}

TEST_CASE("changes: what does not hold is told although the comparison is silent", "[report]") {
  const Run run = testing::sample_run();
  std::size_t told = 0;
  for (const view::ChangeGroup& group : view::change_groups(Pages(run, {})))
    told += group.count();
  CHECK(told == 5);
  // A result of which something harmless is said is told all the same.
  Comparison comparison;
  for (const ScenarioResult& result : run.results)
    comparison.changes.push_back({.kind = ChangeKind::slower, .key = key_of(result)});
  const auto groups = view::change_groups(Pages(run, comparison));
  CHECK(groups.front().kind == ChangeKind::relapsed);
  CHECK(groups.front().count() == 2);
  // But not twice.
  comparison.changes[6].kind = ChangeKind::fails_differently;
  CHECK(view::change_groups(Pages(run, comparison)).front().count() == 1);
}

TEST_CASE("changes: since when, in words", "[report]") {
  Change change{.kind = ChangeKind::relapsed};
  CHECK(view::since_text(change).empty());
  change.held_nights = 212;
  change.failing_nights = 1;
  change.last_good_at = "2026-11-21T03:12:00Z";
  change.last_good_version = "uvicorn 0.30.6";
  change.first_bad_at = "2026-11-22T03:12:00Z";
  CHECK(view::since_text(change) ==
        "held 212 nights · last good 2026-11-21 on uvicorn 0.30.6 · first bad 2026-11-22");
  CHECK(view::badge_text(change) == "Relapsed: held 212 nights");
  change.kind = ChangeKind::new_and_holding;
  CHECK(view::badge_text(change) == "New and holding");
}

TEST_CASE("changes: redactions are counted by rule", "[report]") {
  Run run;
  CHECK(view::redactions_text(run) == "Nothing was redacted.");
  run.redactions = {{"header cookie", 4}, {"jwt", 1}};
  CHECK(view::redactions_text(run) ==
        "Redacted when captured, 5 times, by rule: header cookie 4, jwt 1.");
}

TEST_CASE("view: times and their age", "[report]") {
  CHECK(view::readable_time("2026-11-22T03:12:07.193Z") == "2026-11-22 03:12 UTC");
  CHECK(view::readable_time("soon") == "soon");
  const std::string then = "2026-11-22T03:12:07.193Z";
  CHECK(view::age(then, "2026-11-22T03:12:50Z") == "42 s ago");
  CHECK(view::age(then, "2026-11-22T10:12:00Z") == "7 h ago");
  CHECK(view::age(then, "2026-12-02T03:12:07Z") == "10 days ago");
  CHECK(view::age(then, "2026-11-21T03:12:07Z").empty());
  CHECK(view::age(then, "").empty());
  CHECK(view::age("2026-13-45T03:12:07Z", then).empty());
}

}  // namespace relapse
