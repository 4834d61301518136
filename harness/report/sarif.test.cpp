#include "report/sarif.hpp"

#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "report/golden.hpp"
#include "report/sample_nights.hpp"
#include "report/sample_run.hpp"

namespace relapse {

namespace {
Json results_of(const std::string& text) {
  return Json::parse(text)["runs"][0]["results"];
}
}  // namespace

TEST_CASE("sarif: golden output", "[report]") {
  testing::check_golden("run.sarif",
                        sarif_json(testing::acknowledged_run(), testing::sample_nights()));
}

TEST_CASE("sarif: every result but those that hold, each with what its alert is known by",
          "[report]") {
  const Run run = testing::acknowledged_run();
  const Totals t = totals(run);
  const Json results = results_of(sarif_json(run));
  CHECK(results.size() ==
        static_cast<std::size_t>(t.relapsed + t.known + t.flaky + t.inconclusive));
  int open = 0, suppressed = 0;
  for (const Json& result : results) {
    open += result["kind"] == "open" ? 1 : 0;
    if (result["kind"] != "fail")
      CHECK(result["level"] == "none");
    suppressed += result.contains("suppressions") ? 1 : 0;
    CHECK(result["partialFingerprints"]["primaryLocationLineHash"].get<std::string>().size() == 18);
  }
  CHECK(open == t.inconclusive);
  CHECK(suppressed == t.known);
}

TEST_CASE("sarif: an alert stays one over the nights, whatever is observed", "[report]") {
  Run run = testing::sample_run();
  const Json before = results_of(sarif_json(run));
  for (ScenarioResult& result : run.results) {
    for (Attempt& attempt : result.attempts) {
      for (Finding& finding : attempt.verdict.findings)
        finding.claim += " of another name";
    }
  }
  const Json after = results_of(sarif_json(run));
  REQUIRE(before.size() == after.size());
  const auto print = [](const Json& result, const char* name) {
    return result["partialFingerprints"][name];
  };
  CHECK(print(before[0], "primaryLocationLineHash") == print(after[0], "primaryLocationLineHash"));
  CHECK(print(before[0], "relapseSignature/v1") != print(after[0], "relapseSignature/v1"));
}

TEST_CASE("sarif: paths are URI references from the repository's root", "[report]") {
  Run run = testing::sample_run();
  for (ScenarioResult& result : run.results) {
    result.at.file = "scenarios/a b#c.json";
    for (Attempt& attempt : result.attempts) {
      for (Finding& finding : attempt.verdict.findings)
        finding.at.file.clear();
    }
  }
  const auto uri = [&](const formats::SourceRoot& root) {
    return results_of(
        sarif_json(run, {}, root))[0]["locations"][0]["physicalLocation"]["artifactLocation"];
  };
  CHECK(uri({})["uri"] == "scenarios/a%20b%23c.json");
  CHECK(uri({"/repo", "/repo/backend"})["uri"] == "backend/scenarios/a%20b%23c.json");
  CHECK(uri({"/repo", "/repo/backend"})["uriBaseId"] == "%SRCROOT%");
  CHECK(uri({"/repo", "/elsewhere"})["uri"] == "scenarios/a%20b%23c.json");
  for (ScenarioResult& result : run.results)
    result.at.file = "/repo/x.json";
  CHECK(uri({})["uri"] == "file:///repo/x.json");
  CHECK(uri({"/repo", "/repo"})["uri"] == "x.json");
}

TEST_CASE("sarif: keeps the worst and says how many it leaves out", "[report]") {
  const Json json = Json::parse(sarif_json(testing::large_run(2000), {}, {}, 50));
  CHECK(json["runs"][0]["results"].size() == 50);
  CHECK(json["runs"][0]["results"][49]["level"] == "error");
  const Json& notes = json["runs"][0]["invocations"][0]["toolExecutionNotifications"];
  CHECK(notes.back()["message"]["text"] == "50 more results are left out; this file has the worst");
}

}  // namespace relapse
