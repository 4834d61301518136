#include "report/ctrf.hpp"

#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "report/golden.hpp"
#include "report/sample_nights.hpp"
#include "report/sample_run.hpp"

namespace relapse {

TEST_CASE("ctrf: golden output", "[report]") {
  testing::check_golden("ctrf.json",
                        ctrf_json(testing::acknowledged_run(), testing::sample_nights()));
}

TEST_CASE("ctrf: the counts are those of the run", "[report]") {
  const Run run = testing::sample_run();
  const Totals t = totals(run);
  const Json json = Json::parse(ctrf_json(run));
  const Json& summary = json["results"]["summary"];
  CHECK(summary["tests"] == t.planned);
  CHECK(summary["passed"] == t.holds + t.flaky);
  CHECK(summary["failed"] == t.relapsed);
  CHECK(summary["skipped"] == t.skipped + t.known);
  CHECK(summary["other"] == t.inconclusive);
  CHECK(summary["flaky"] == t.flaky);
  CHECK(summary["stop"].get<std::int64_t>() - summary["start"].get<std::int64_t>() == 6120);
  CHECK(json["results"]["environment"]["healthy"] == false);
  CHECK(Json::parse(ctrf_json(testing::holding_run()))["results"]["environment"]["healthy"]);
}

TEST_CASE("ctrf: repetitions and points of a sweep are no retries", "[report]") {
  for (const Json& test : Json::parse(ctrf_json(testing::swept_run()))["results"]["tests"]) {
    if (test["name"].get<std::string>().find("sweep") != std::string::npos)
      CHECK(!test.contains("retries"));
  }
  Run run = testing::sample_run();
  bool seen = false;
  const Json json = Json::parse(ctrf_json(run));
  for (const Json& test : json["results"]["tests"]) {
    if (test.value("flaky", false)) {
      seen = true;
      CHECK(test["retries"] == 1);
      CHECK(test["retryAttempts"][0]["status"] == "failed");
      CHECK(test["retryAttempts"][1]["status"] == "passed");
    }
  }
  CHECK(seen);
}

}  // namespace relapse
