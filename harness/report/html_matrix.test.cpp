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

TEST_CASE("matrix: scenarios by family, the worst first", "[report]") {
  Run run = folder_of(13);
  run.results[5] = result("a/b/5", "t", Outcome::relapsed);
  run.results.push_back(result("a/b/0", "u", Outcome::inconclusive));
  run.results.push_back(result("alone", "t"));
  const matrix::Matrix matrix(run);
  REQUIRE(matrix.columns().size() == 2);
  REQUIRE(matrix.families().size() == 2);
  const matrix::Family& family = matrix.families()[0];
  CHECK(family.name == "a/b");
  CHECK(family.scenarios.size() == 13);
  CHECK(family.scenarios[0] == "a/b/5");
  CHECK(matrix.summary(family, matrix.columns()[0]).text == "✗ 1 relapsed of 13");
  CHECK(matrix.summary(family, matrix.columns()[0]).worst == &run.results[5]);
  CHECK(matrix.summary(family, matrix.columns()[1]).text == "? 1 inconclusive of 1");
  CHECK(matrix.families()[1].name == "scenarios");
  CHECK(matrix.summary(matrix.families()[1], matrix.columns()[0]).text == "✓ 1 holds");
}

TEST_CASE("matrix: known relapses, skips and absences are told apart", "[report]") {
  Run run = folder_of(14);
  run.results[1].outcome = Outcome::skipped;
  run.results[2] = result("a/b/2", "t", Outcome::relapsed);
  run.results[2].known = true;
  run.results[3] = result("a/b/3", "t", Outcome::flaky);
  const matrix::Matrix matrix(run);
  CHECK(matrix.summary(matrix.families()[0], matrix.columns()[0]).text ==
        "≈ 1 flaky, ✗ 1 known relapse of 14");
  run.results.push_back(result("other", "u"));
  CHECK(has(index_html(run), "<td class=\"skipped\">○ Not run</td>"));
  const Run holding = folder_of(14);
  CHECK(has(index_html(holding), "✓ 14 hold</a>"));
}

TEST_CASE("matrix: each cell has a sign, a word and the page of its result", "[report]") {
  const Run run = testing::asgi_run();
  const std::string page = matrix_page(Pages(run, {}), 1).html;
  const std::string slug = view::slug(run.results[0]);
  CHECK(has(page, "<td class=\"relapsed\"><a href=\"../s/" + slug + ".html\">✗ Relapsed</a></td>"));
  CHECK(times(page, "<td class=\"holds\">✓ Holds</td>") == 14);
  CHECK(has(index_html(run), "✗ 1 relapsed of 14"));
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

TEST_CASE("matrix: a catalogue on many targets keeps within the budgets", "[report]") {
  Run run = catalogue();
  const std::vector<ScenarioResult> once = run.results;
  for (int i = 0; i < 6; ++i) {
    for (ScenarioResult more : once) {
      more.target += std::to_string(i);
      run.results.push_back(std::move(more));
    }
  }
  const Pages pages(run, {});
  CHECK(index_html(pages).size() <= html::most_index);
  std::size_t cells = 0;
  const std::size_t count = matrix_count(pages);
  CHECK(count > 1);
  for (std::size_t i = 1; i <= count; ++i) {
    const std::string page = matrix_page(pages, i).html;
    CHECK(page.size() <= html::most_list);
    cells += times(page, "<td class=\"holds\">✓ Holds</td>");
  }
  CHECK(cells == run.results.size());
}

}  // namespace relapse
