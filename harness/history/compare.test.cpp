#include <algorithm>

#include "catch.hpp"
#include "history/testing.hpp"

namespace relapse {
namespace {

using testing::Row;

Comparison compared(const std::vector<Row>& rows, const std::string& versions = "") {
  return compare(testing::tonight(rows, versions), testing::past_of(rows, versions));
}

/// "relapsed a", in order; changes of the target as "target changed t".
std::vector<std::string> told(const Comparison& comparison) {
  std::vector<std::string> list;
  for (const Change& change : comparison.changes) {
    list.push_back(std::string(to_string(change.kind)) + " " +
                   (change.key.scenario.empty() ? change.key.target : change.key.scenario));
  }
  return list;
}

/// What is told of one scenario with these nights, the last letter being tonight.
std::string kinds(const std::string& nights, const std::string& versions = "") {
  std::string list;
  for (const Change& change : compared({{"a", nights}}, versions).changes) {
    if (change.kind != ChangeKind::target_changed)
      list += (list.empty() ? "" : ", ") + std::string(to_string(change.kind));
  }
  return list;
}

Change only(const std::string& nights, const std::string& versions = "") {
  const Comparison comparison = compared({{"a", nights}}, versions);
  REQUIRE(!comparison.changes.empty());
  return comparison.changes.front();
}

}  // namespace

TEST_CASE("compare: every kind of change", "[history]") {
  struct Case {
    std::string nights;
    std::string kinds;
  };
  const std::vector<Case> cases{
      {"HH", ""},
      {"HF", "relapsed"},
      {"FG", "fails differently"},
      {"FF", "still failing"},
      {".F", "new and failing"},
      {".H", "new and holding"},
      {"H.", "lost"},
      {"HN", "lost"},
      {"HS", "lost"},
      {"H?", "inconclusive"},
      {"HL", "flaky"},
      {"FL", "flaky"},
      {".L", "flaky"},
      {"FH", "recovered"},
      // Looked through.
      {"HSF", "relapsed"},
      {"H??NF", "relapsed"},
      {"F?H", "recovered"},
      {"FSF", "still failing"},
      {"FSG", "fails differently"},
      {"H.F", "relapsed"},
      {"LF", "relapsed"},
      {"GFF", "still failing"},
      // What was never judged is new when it is.
      {"SS?F", "new and failing"},
      {"SSH", "new and holding"},
      // Lost and inconclusive are told once, against the baseline itself.
      {"H??", ""},
      {"H..", ""},
      {"HS.", ""},
      {"S.", ""},
      {"F.", "lost"},
      {"F?", "inconclusive"},
      {".?", ""},
      {".S", ""},
  };
  for (const Case& one : cases) {
    INFO(one.nights);
    CHECK(kinds(one.nights) == one.kinds);
  }
}

TEST_CASE("compare: flaky is a matter of many nights on one version", "[history]") {
  CHECK(kinds("HFHF") == "relapsed, flaky");  // three flips in four nights
  CHECK(kinds("HFHFH") == "flaky");           // "recovered" would promise too much
  CHECK(kinds("HFHFHH") == "flaky");
  CHECK(kinds("HFH") == "recovered");  // two flips only
  CHECK(kinds("FHF") == "relapsed");
  CHECK(kinds("HHHHHHHHHHFHFH") == "flaky");       // 3 of 14
  CHECK(kinds("FHHHHHHHHHHHHFH") == "recovered");  // the first flip is 15 nights ago
  CHECK(kinds("FHFHHHHHHHHHHHHHHH") == "");
  CHECK(kinds("HFHFF") == "flaky, still failing");
  CHECK(kinds("HFSHF") == "relapsed, flaky");
  // Broken three nights in a row is not flaky, neither then nor when it is mended.
  CHECK(kinds("HFHFFF") == "still failing");
  CHECK(kinds("HFHFHFFF") == "still failing");
  CHECK(kinds("HFHFHFFFH") == "recovered");
  CHECK(kinds("HFFFHFH") == "recovered");
  // Another version of the target is another thing.
  CHECK(kinds("HFHF", "1122") == "relapsed");
  CHECK(kinds("HFHF", "1111") == "relapsed, flaky");
  CHECK(kinds("HFHF", "____") == "relapsed, flaky");
  CHECK(kinds("HFHFHFHF", "11112222") == "relapsed, flaky");
  CHECK(only("HFHFH").text == "4 changes in 5 nights on 1");
  CHECK(only("HL").text == "failed, then passed");
}

TEST_CASE("compare: last good, first bad and how long it held", "[history]") {
  Change change = only("HHSHF", "11223");
  CHECK(change.held_nights == 3);
  CHECK(change.failing_nights == 1);
  CHECK(change.last_good_run == "run-2026-01-04");
  CHECK(change.last_good_at == "2026-01-04T03:00:00.000Z");
  CHECK(change.last_good_version == "2");
  CHECK(change.first_bad_run == "run-2026-01-05");
  CHECK(change.first_bad_version == "3");
  CHECK(change.title == "title of a");
  CHECK(change.text == "held 3 nights");

  change = only("HHF?F", "11234");
  CHECK(change.kind == ChangeKind::target_changed);
  change = compared({{"a", "HHF?F"}}, "11234").changes.back();
  CHECK(change.kind == ChangeKind::still_failing);
  CHECK(change.failing_nights == 2);
  CHECK(change.held_nights == 2);
  CHECK(change.first_bad_run == "run-2026-01-03");
  CHECK(change.first_bad_version == "2");
  CHECK(change.last_good_run == "run-2026-01-02");
  CHECK(change.text == "fails for 2 nights, since 2026-01-03");

  change = only("HHFFH");
  CHECK(change.kind == ChangeKind::recovered);
  CHECK(change.failing_nights == 2);
  CHECK(change.held_nights == 2);
  CHECK(change.first_bad_run == "run-2026-01-03");
  CHECK(change.last_good_run == "run-2026-01-02");
  CHECK(change.signature == "c: expected CLOSE 1000, observed CLOSE 1006");

  change = only("HHLF");  // a flaky night neither holds nor breaks the row
  CHECK(change.held_nights == 2);
  CHECK(change.last_good_run == "run-2026-01-02");
  CHECK(only("FF").last_good_run.empty());
  CHECK(only("FG").text == "before: c: expected CLOSE 1000, observed CLOSE 1006");
}

TEST_CASE("compare: without an earlier run nothing is a regression, and failing still counts",
          "[history]") {
  const Comparison comparison = compared({{"a", "F"}, {"b", "H"}, {"c", "?"}});
  CHECK_FALSE(comparison.baseline);
  CHECK(told(comparison) == std::vector<std::string>{"new and failing a"});
}

TEST_CASE("compare: changes stand by kind, then by signature", "[history]") {
  const std::vector<Row> rows{{"z", "HF"}, {"y", "HG"}, {"x", "HF"}, {"w", "FH"},
                              {"v", ".F"}, {"u", "H."}, {"s", "FF"}, {"r", ".H"}};
  CHECK(told(compared(rows, "12")) ==
        std::vector<std::string>{"relapsed x", "relapsed z", "relapsed y", "new and failing v",
                                 "lost u", "recovered w", "new and holding r", "target changed t",
                                 "still failing s"});
}

TEST_CASE("compare: a target changed when its version is known to have", "[history]") {
  CHECK(only("HH", "12").text == "1 → 2");
  CHECK(compared({{"a", "HH"}}, "1_").changes.empty());
  CHECK(compared({{"a", "HH"}}, "_1").changes.empty());
  CHECK(only("HHH", "1_2").text == "1 → 2");
  CHECK(compared({{"a", "HHH"}}, "1_1").changes.empty());
}

TEST_CASE("compare: slower than 1.5 times the p95 of the nights, and more than 100 ms",
          "[history]") {
  const auto slower = [](std::size_t nights, int before, int now) {
    const std::vector<Row> rows{{"a", std::string(nights, 'H') + "H"}};
    Past past = testing::past_of(rows);
    for (PastResult& night : past.results.begin()->second)
      night.duration = std::chrono::milliseconds(before);
    Run run = testing::tonight(rows);
    run.results[0].attempts[0].duration = std::chrono::milliseconds(now);
    const Comparison comparison = compare(run, past);
    return comparison.changes.empty() ? std::string()
                                      : std::string(to_string(comparison.changes[0].kind)) + ": " +
                                            comparison.changes[0].text;
  };
  CHECK(slower(8, 200, 301) == "slower: 0.30 s, p95 of the nights before 0.20 s");
  CHECK(slower(8, 200, 300) == "");
  CHECK(slower(8, 10, 100) == "");
  CHECK(slower(8, 10, 101) != "");
  CHECK(slower(4, 10, 1000) == "");
  CHECK(slower(5, 10, 1000) != "");
}

TEST_CASE("compare: one slow night among thirty does not hide a slow one", "[history]") {
  const std::vector<Row> rows{{"a", std::string(41, 'H')}};
  Past past = testing::past_of(rows);
  auto& nights = past.results.begin()->second;
  for (std::size_t i = 0; i < nights.size(); ++i)
    nights[i].duration = std::chrono::milliseconds(i < 10 || i == 20 ? 900 : 100);
  Run run = testing::tonight(rows);
  run.results[0].attempts[0].duration = std::chrono::milliseconds(400);
  CHECK(compare(run, past).changes.size() == 1);
}

TEST_CASE("compare: a run of a selection misses nothing", "[history]") {
  const std::vector<Row> rows{{"a", "H."}, {"b", "HF"}};
  Run run = testing::tonight(rows);
  run.whole = false;
  CHECK(told(compare(run, testing::past_of(rows))) == std::vector<std::string>{"relapsed b"});
}

TEST_CASE("compare: at most thirty nights are shown, and all are counted", "[history]") {
  const std::vector<Row> rows{{"a", std::string(50, 'H') + "F"}};
  const Comparison comparison = compared(rows);
  CHECK(comparison.nights.size() == 30);
  CHECK(comparison.nights.back().id == comparison.baseline->id);
  const ResultKey key{"a", "t", Plane::wire};
  REQUIRE(comparison.history.at(key).size() == 30);
  CHECK(comparison.history.at(key).back().run == comparison.baseline->id);
  CHECK(comparison.history.at(key).front().version == "1");
  CHECK(comparison.changes[0].held_nights == 50);
  CHECK(changes_of(comparison, ChangeKind::relapsed).size() == 1);
  CHECK(changes_of(comparison, ChangeKind::lost).empty());
}

TEST_CASE("compare: the same scenario on two targets and planes is followed apart", "[history]") {
  const std::vector<Row> rows{{"a", "HF", "t"}, {"a", "FF", "u"}};
  const Comparison comparison = compared(rows);
  REQUIRE(comparison.changes.size() == 2);
  CHECK(comparison.changes[0].key == ResultKey{"a", "t", Plane::wire});
  CHECK(comparison.changes[1].key == ResultKey{"a", "u", Plane::wire});
  Run run = testing::tonight(rows);
  run.results[0].plane = Plane::asgi;
  CHECK(told(compare(run, testing::past_of(rows))) ==
        std::vector<std::string>{"new and failing a", "lost a", "still failing a"});
}

TEST_CASE("compare: what makes runs comparable", "[history]") {
  Run a;
  a.targets = {{.id = "x"}, {.id = "y"}};
  Run b;
  b.targets = {{.id = "y"}, {.id = "x"}};
  CHECK(comparable_name(a) == comparable_name(b));
  b.targets[0].fault = "late";
  CHECK(comparable_name(a) != comparable_name(b));
  b = a;
  b.suite = "plane asgi";
  CHECK(comparable_name(a) != comparable_name(b));
  b = a;
  b.targets.pop_back();
  CHECK(comparable_name(a) != comparable_name(b));
}

}  // namespace relapse
