#include <regex>

#include "catch.hpp"
#include "report/html.hpp"
#include "report/matrix.hpp"
#include "report/sample_run.hpp"
#include "report/view.hpp"

namespace relapse {

namespace {

ScenarioResult result(std::string scenario, std::string target, Outcome outcome = Outcome::holds) {
  ScenarioResult made = testing::holding_run().results[0];
  made.scenario = std::move(scenario);
  made.target = std::move(target);
  made.outcome = outcome;
  made.attempts[0].verdict.outcome = outcome;
  return made;
}

/// `count` scenarios of one folder, named 0, 1, ...
Run folder_of(int count) {
  Run run;
  for (int i = 0; i < count; ++i)
    run.results.push_back(result("a/b/" + std::to_string(i), "t"));
  return run;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::size_t times(const std::string& text, const std::string& pattern) {
  const std::regex regex(pattern);
  return static_cast<std::size_t>(
      std::distance(std::sregex_iterator(text.begin(), text.end(), regex), std::sregex_iterator()));
}

/// The scope faults of four targets.
Run catalogue() {
  Run run = testing::asgi_run();
  run.results.clear();
  run.targets.clear();
  const std::vector<const char*> kinds{"missing", "none",  "str",   "bytes", "int",   "list",
                                       "dict",    "empty", "upper", "wrong", "nested"};
  for (const char* target : {"starlette", "fastapi", "quart", "channels"}) {
    run.targets.push_back({.id = target, .version = "0.26.1"});
    for (const char* protocol : {"websocket", "http"}) {
      for (int key = 0; key < 10; ++key) {
        for (const char* kind : kinds) {
          run.results.push_back(result("asgi/scope-faults/" + std::string(protocol) +
                                           "/key_number_" + std::to_string(key) + "." + kind,
                                       target));
          run.results.back().plane = Plane::asgi;
        }
      }
    }
  }
  return run;
}

}  // namespace

TEST_CASE("matrix: a folder of many scenarios is one line", "[report]") {
  CHECK(matrix::Matrix(folder_of(12)).lines().size() == 12);
  Run run = folder_of(13);
  run.results[5] = result("a/b/5", "t", Outcome::relapsed);
  run.results.push_back(result("a/b/0", "u", Outcome::inconclusive));
  run.results.push_back(result("alone", "t"));
  const matrix::Matrix matrix(run);
  REQUIRE(matrix.columns().size() == 2);
  REQUIRE(matrix.lines().size() == 2);
  CHECK(matrix.scenarios() == 14);
  // The folder stands where the worst of it would.
  const matrix::Line& folder = matrix.lines()[0];
  CHECK(folder.name == "a/b");
  CHECK(folder.scenarios.size() == 13);
  CHECK(folder.scenarios[0] == "a/b/5");
  CHECK(folder.grid.keys.empty());
  CHECK(matrix.summary(folder, matrix.columns()[0]).text == "12 hold, 1 relapsed");
  CHECK(matrix.summary(folder, matrix.columns()[0]).worst == &run.results[5]);
  CHECK(matrix.summary(folder, matrix.columns()[1]).text == "1 inconclusive");
  CHECK_FALSE(matrix.lines()[1].is_folder());
}

TEST_CASE("matrix: known relapses, skips and absences are told apart", "[report]") {
  Run run = folder_of(14);
  run.results[1].outcome = Outcome::skipped;
  run.results[2] = result("a/b/2", "t", Outcome::relapsed);
  run.results[2].known = true;
  run.results[3] = result("a/b/3", "t", Outcome::flaky);
  const matrix::Matrix matrix(run);
  CHECK(matrix.summary(matrix.lines()[0], matrix.columns()[0]).text ==
        "11 hold, 1 flaky, 1 known relapse, 1 skipped");
  run.results.push_back(result("other", "u"));
  CHECK(has(index_html(run), "<td class=\"skipped\">○ Not in this run</td>"));
}

TEST_CASE("matrix: ids that end in KEY.KIND make a grid", "[report]") {
  const matrix::Matrix matrix(testing::asgi_run());
  REQUIRE(matrix.lines()[0].is_folder());
  const matrix::Grid& grid = matrix.lines()[0].grid;
  CHECK(grid.keys ==
        std::vector<std::string>{"client", "headers", "path", "query_string", "subprotocols"});
  CHECK(grid.kinds == std::vector<std::string>{"missing", "none", "str"});
  CHECK(grid.scenarios.at({"path", "none"}) == "asgi/scope-faults/websocket/path.none");
  CHECK_FALSE(grid.scenarios.contains({"path", "str"}));
  // One id of another form, and it is a plain list.
  Run run = testing::asgi_run();
  run.results[3].scenario = "asgi/scope-faults/websocket/plain";
  CHECK(matrix::Matrix(run).lines()[0].grid.keys.empty());
  for (const char* odd : {".missing", "headers."}) {
    run.results[3].scenario = std::string("asgi/scope-faults/websocket/") + odd;
    CHECK(matrix::Matrix(run).lines()[0].grid.keys.empty());
  }
}

TEST_CASE("matrix: each cell has a sign, a word and the page of its result", "[report]") {
  const Run run = testing::asgi_run();
  const std::string page = index_html(run);
  const std::string slug = view::slug(run.results[0]);
  CHECK(has(page,
            "<td class=\"relapsed\"><a href=\"s/" + slug + ".html\">✗<i> Relapsed</i></a></td>"));
  CHECK(times(page, "<td class=\"holds\">✓<i> Holds</i></td>") == 13);
  CHECK(has(page, "<td class=\"relapsed\">13 hold, 1 relapsed</td>"));
  CHECK(times(page, "<td></td>") == 1);  // path.str
}

TEST_CASE("matrix: planes stand apart only where a scenario ran on both", "[report]") {
  Run run;
  run.results = {result("a", "t"), result("b", "t")};
  run.results[1].plane = Plane::asgi;
  CHECK(matrix::Matrix(run).columns().size() == 1);
  CHECK(matrix::Matrix(run).columns()[0].label == "t");
  run.results[0].plane = Plane::asgi;
  CHECK(matrix::Matrix(run).columns()[0].label == "t [asgi]");
  run.results.push_back(result("a", "t", Outcome::relapsed));
  const matrix::Matrix both(run);
  REQUIRE(both.columns().size() == 2);
  CHECK(both.columns()[0].label == "t");
  CHECK(both.at("a", both.columns()[0]) == &run.results[2]);
  CHECK(both.at("a", both.columns()[1]) == &run.results[0]);
  CHECK(both.at("b", both.columns()[0]) == nullptr);
}

TEST_CASE("matrix: a catalogue on four targets fits on the page", "[report]") {
  const std::string page = index_html(catalogue());
  CHECK(page.size() < 150 * 1024);
  CHECK(times(page, "<td class=\"holds\">✓<i> Holds</i></td>") == 880);
  CHECK(times(page, "<td class=\"holds\">110 hold</td>") == 8);
  CHECK_FALSE(has(page, "left out to keep this page small"));
}

TEST_CASE("matrix: what does not fit is counted, and never shown as absent", "[report]") {
  Run run = catalogue();
  const std::vector<ScenarioResult> once = run.results;
  for (int i = 0; i < 6; ++i) {
    for (ScenarioResult more : once) {
      more.target += std::to_string(i);
      run.results.push_back(std::move(more));
    }
  }
  // 28 targets: room for 71 of 220 scenarios.
  const std::string page = index_html(run);
  CHECK(has(page, "149 more scenarios, none of them worse"));
  CHECK(times(page, "⋯<i> Left out</i>") == 28 * 39);
  CHECK(times(page, "<tr class=\"folder\">") == 2);
  CHECK(times(page, "<td class=\"holds\">110 hold</td>") == 2 * 28);
  // Without a folder too, from one to the limit.
  Run flat;
  for (int i = 0; i < 450; ++i) {
    for (int t = 0; t < 5; ++t)
      flat.results.push_back(result("f" + std::to_string(i) + "/x", "t" + std::to_string(t)));
  }
  CHECK(has(index_html(flat), "50 more scenarios, none of them worse"));
}

}  // namespace relapse
