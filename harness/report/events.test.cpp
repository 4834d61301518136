#include "report/events.hpp"

#include <nlohmann/json.hpp>

#include "base/bytes.hpp"
#include "catch.hpp"
#include "report/golden.hpp"
#include "report/sample_nights.hpp"
#include "report/sample_run.hpp"

namespace relapse {

namespace {

std::string all_events(const Run& run, const Comparison& comparison) {
  std::string out = event_run_started(run, run.results.size());
  std::size_t done = 0;
  for (const ScenarioResult& result : run.results)
    out += event_result(result, ++done, run.results.size());
  return out + event_run_finished(run, comparison, exit_code(run));
}

}  // namespace

TEST_CASE("events: golden output", "[report]") {
  testing::check_golden("events.ndjson",
                        all_events(testing::acknowledged_run(), testing::sample_nights()));
}

TEST_CASE("events: one object a line, whatever a target says", "[report]") {
  const Run run = testing::nasty_run();
  const std::string text = all_events(run, testing::hostile_nights());
  CHECK(is_valid_utf8(text));
  CHECK(text.find_first_of(std::string("\x1b\x07\r\0\t", 5)) == std::string::npos);
  std::size_t lines = 0;
  for (const std::string& line : split(text, '\n')) {
    if (line.empty())
      continue;
    ++lines;
    const Json json = Json::parse(line);
    CHECK(json["format"] == "relapse-events");
    CHECK(json["version"] == 1);
    CHECK(json["event"].is_string());
  }
  CHECK(lines == run.results.size() + 2);
}

TEST_CASE("events: a run of many changes says how many it leaves out", "[report]") {
  Comparison nights = testing::sample_nights();
  nights.changes.resize(1500, nights.changes.front());
  const Json json = Json::parse(event_run_finished(testing::sample_run(), nights, 1));
  CHECK(json["changes"].size() == 1000);
  CHECK(json["changes_left_out"] == 500);
}

}  // namespace relapse
