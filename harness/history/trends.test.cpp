#include "history/trends.hpp"

#include "catch.hpp"
#include "history/testing.hpp"

namespace relapse {
namespace {

using testing::past_of;
using testing::Row;
using testing::tonight;

/// 2026-01-01 is a Thursday.
const std::vector<Row> rows{{"ws/a", "HHFFHH"}, {"ws/b", "HHHHHL"}, {"http/c", ".SHHHH"}};

IncidentHistory incident(const std::vector<Row>& all, const std::string& ref) {
  for (const IncidentHistory& one : incident_histories(tonight(all), past_of(all))) {
    if (one.ref == ref)
      return one;
  }
  FAIL("no such incident: " + ref);
  return {};
}

}  // namespace

TEST_CASE("trends: percentiles by nearest rank", "[history]") {
  const auto ms = [](int n) { return Duration(std::chrono::milliseconds(n)); };
  CHECK(percentile({}, 95) == Duration{});
  CHECK(percentile({ms(7)}, 50) == ms(7));
  std::vector<Duration> hundred;
  for (int i = 100; i > 0; --i)
    hundred.push_back(ms(i));
  CHECK(percentile(hundred, 50) == ms(50));
  CHECK(percentile(hundred, 95) == ms(95));
  CHECK(percentile({ms(1), ms(2)}, 95) == ms(2));
}

TEST_CASE("trends: the Monday of a week", "[history]") {
  CHECK(monday_of("2026-11-23T03:12:07.193Z") == "2026-11-23");
  CHECK(monday_of("2026-11-29") == "2026-11-23");
  CHECK(monday_of("2026-01-01") == "2025-12-29");
  CHECK(monday_of("2024-03-01") == "2024-02-26");
  CHECK(monday_of("today") == "");
  CHECK(monday_of("2026-13-01") == "");
}

TEST_CASE("trends: families by night", "[history]") {
  const auto nights = family_nights(tonight(rows), past_of(rows));
  REQUIRE(nights.size() == 11);  // http has no first night
  CHECK(nights.front().family == "ws");
  CHECK(nights.front().run == "run-2026-01-01");
  CHECK(nights.front().holds == 2);
  CHECK(nights.front().p95 == std::chrono::milliseconds(50));
  CHECK(nights[1].family == "http");
  CHECK(nights[1].ran == 0);
  CHECK(nights[1].p50 == Duration{});
  const FamilyNight& broken = nights[4];
  CHECK(broken.family == "ws");
  CHECK(broken.ran == 2);
  CHECK(broken.holds == 1);
  CHECK(broken.failing == 1);
  CHECK(nights.back().run == "run-2026-01-06");
  CHECK(nights.back().flaky == 1);
  CHECK(nights.back().p95 == std::chrono::milliseconds(100));
}

TEST_CASE("trends: families by week", "[history]") {
  const auto weeks = family_weeks(tonight(rows), past_of(rows));
  REQUIRE(weeks.size() == 4);
  CHECK(weeks[1].week == "2025-12-29");
  CHECK(weeks[1].family == "ws");
  CHECK(weeks[1].nights == 4);
  CHECK(weeks[1].holds == 6);
  CHECK(weeks[1].failing == 2);
  CHECK(weeks[3].week == "2026-01-05");
  CHECK(weeks[3].nights == 2);
  CHECK(weeks[3].holds == 3);
  Run partial = tonight(rows);
  partial.whole = false;
  CHECK(family_weeks(partial, past_of(rows))[3].nights == 1);
  const std::vector<Row> year{{"a/b", std::string(366, 'H')}};
  CHECK(family_weeks(tonight(year), past_of(year)).size() == 26);
  CHECK(library_sizes(tonight(year), past_of(year)).size() == 26);
}

TEST_CASE("trends: the size of the library by week", "[history]") {
  const std::vector<Row> growing{
      {"a", "HHHHHH"}, {"a", "HHHHHH", "u"}, {"b", "..HHHH"}, {"c", ".....H"}};
  CHECK(library_sizes(tonight(growing), past_of(growing)) ==
        std::vector<std::pair<std::string, int>>{{"2025-12-29", 2}, {"2026-01-05", 3}});
}

TEST_CASE("trends: incidents", "[history]") {
  IncidentHistory one = incident(rows, "incident of ws/a");
  CHECK(one.scenarios == std::vector<std::string>{"ws/a"});
  CHECK(one.first_guarded == "2026-01-01");
  CHECK(one.nights_run == 6);
  CHECK(one.nights_held == 4);
  CHECK(one.last_break == "2026-01-03");
  CHECK(one.last_break_nights == 2);
  CHECK_FALSE(one.broken_now);
  one = incident(rows, "incident of http/c");
  CHECK(one.first_guarded == "2026-01-03");
  CHECK(one.nights_run == 4);
  CHECK(one.last_break.empty());
  one = incident({{"a", "HF?F"}}, "incident of a");
  CHECK(one.broken_now);
  CHECK(one.last_break == "2026-01-02");
  CHECK(one.last_break_nights == 2);
  CHECK(one.nights_held == 1);
  CHECK(one.nights_run == 4);
  one = incident({{"a", "HHH"}, {"b", "HH."}}, "incident of b");
  CHECK(one.scenarios.empty());
  CHECK(one.nights_run == 2);
}

TEST_CASE("trends: an incident is guarded when all that guards it holds", "[history]") {
  const std::vector<Row> both{{"a", "FHHF"}, {"b", "HHFH"}};
  Past past = past_of(both);
  Run run = tonight(both);
  for (auto& [id, scenario] : past.scenarios)
    scenario.incident.ref = "one";
  for (ScenarioResult& result : run.results)
    result.incident.ref = "one";
  const auto all = incident_histories(run, past);
  REQUIRE(all.size() == 1);
  CHECK(all[0].first_guarded == "2026-01-02");
  CHECK(all[0].nights_held == 1);
  CHECK(all[0].last_break_nights == 2);
  CHECK(all[0].broken_now);
  CHECK(all[0].scenarios == std::vector<std::string>{"a", "b"});
}

TEST_CASE("trends: retired scenarios", "[history]") {
  const std::vector<Row> gone{{"a", "HHH"}, {"b", "H.."}};
  Past past = past_of(gone);
  past.renamed["old/a"] = "a";
  past.last_seen["old/a"] = 0;
  const auto retired = retired_scenarios(tonight(gone), past);
  REQUIRE(retired.size() == 2);
  CHECK(retired[0].scenario == "b");
  CHECK(retired[0].last_run == "2026-01-01");
  CHECK(retired[0].reason == "its file is gone");
  CHECK(retired[1].reason == "renamed to a");
  Run partial = tonight(gone);
  partial.whole = false;
  CHECK(retired_scenarios(partial, past).empty());
}

}  // namespace relapse
