#include <set>

#include "catch.hpp"
#include "report/html.hpp"
#include "report/sample_history.hpp"
#include "report/sample_run.hpp"
#include "report/view.hpp"

namespace relapse {

namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::size_t times(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    ++count;
  return count;
}

TimelineSource from_memory() {
  return [timeline = testing::large_timeline()](const StoredTimeline&) -> Result<Timeline> {
    return timeline;
  };
}

}  // namespace

TEST_CASE("pages: every result stands on the lists, worst first, within the budget", "[report]") {
  const Run run = testing::library_run(3000, 60);
  const Comparison comparison = testing::large_comparison(run, 30);
  const Pages pages(run, comparison, {.timelines = from_memory()});
  std::size_t rows = 0;
  const std::size_t count = result_list_count(pages);
  for (std::size_t i = 1; i <= count; ++i) {
    const ListPage page = result_list(pages, i);
    CHECK(page.html.size() <= html::most_list);
    const std::size_t here = times(page.html, "</td></tr>");
    CHECK(here <= 500);
    rows += here;
    CHECK(has(page.html, "✗ Relapsed") == (i == 1));
  }
  CHECK(rows == 3000);
  CHECK(result_list(pages, 1).name == "01");
  std::size_t cells = 0;
  for (std::size_t i = 1; i <= matrix_count(pages); ++i) {
    const ListPage page = matrix_page(pages, i);
    CHECK(page.html.size() <= html::most_list);
    cells += times(page.html, "<td class=");
  }
  CHECK(cells == 3000);
}

TEST_CASE("pages: the morning page keeps to its size at any size of the run", "[report]") {
  for (const auto& [results, failing] : {std::pair(10'000, 100), std::pair(4000, 4000)}) {
    const Run run = testing::library_run(results, failing);
    const Comparison comparison = testing::large_comparison(run, 30);
    const Pages pages(run, comparison);
    const std::string page = index_html(pages);
    CHECK(page.size() <= html::most_index);
    CHECK(has(page, "results with this failure"));
    CHECK(pages.paged().size() <= Pages::most);
  }
  // Many families on many targets: what is left out is counted.
  Run run;
  for (int i = 0; i < 6000; ++i) {
    ScenarioResult result = testing::holding_run().results[0];
    result.scenario = "family-with-a-long-name-" + std::to_string(i / 40) + "/scenario";
    result.target = "target-with-a-long-name-" + std::to_string(i % 40);
    run.results.push_back(std::move(result));
  }
  const std::string page = index_html(run);
  CHECK(page.size() <= html::most_index);
  CHECK(has(page, "more families, none of them worse"));
}

TEST_CASE("pages: beyond 300 there are three for each way of failing first", "[report]") {
  const Run few = testing::library_run(1000, 100);
  CHECK(results_with_page(few).size() == 100);
  const Run many = testing::library_run(1000, 1000);
  const Pages pages(many, {});
  CHECK(pages.paged().size() == Pages::most);
  std::set<std::string> signatures;
  for (const ScenarioResult* result : pages.paged())
    signatures.insert(view::signature(*result));
  CHECK(signatures.size() == 7);
  // A failing result without a page names the command that makes it.
  const std::string list = result_list(pages, 1).html + result_list(pages, 2).html;
  CHECK(has(list, "relapse show " + many.id + " family-"));
}

TEST_CASE("pages: a first night is no reason for a page of everything", "[report]") {
  const Run run = testing::library_run(500, 0);
  Comparison comparison;
  for (const ScenarioResult& result : run.results)
    comparison.changes.push_back({.kind = ChangeKind::new_and_holding, .key = key_of(result)});
  const Pages pages(run, comparison);
  CHECK(pages.paged().size() == 40);
  CHECK(index_html(pages).size() <= html::most_index);
  // Lost results and changed targets have nothing to show.
  comparison.changes = {{.kind = ChangeKind::lost, .key = key_of(run.results[0])}};
  CHECK(Pages(run, comparison).paged().empty());
}

TEST_CASE("pages: timelines are fetched when a page wants them", "[report]") {
  const Run run = testing::library_run(100, 4);
  int fetched = 0;
  const Pages pages(run, {}, {.timelines = [&fetched](const StoredTimeline&) -> Result<Timeline> {
                      ++fetched;
                      return testing::large_timeline();
                    }});
  REQUIRE(pages.paged().size() == 4);
  CHECK(has(result_html(pages, pages.load(*pages.paged()[0])), "Sequence of the exchange"));
  CHECK(fetched == 2);
  // One that is gone leaves the page without an exchange, and nothing else.
  const Pages without(run, {}, {.timelines = [](const StoredTimeline&) -> Result<Timeline> {
                        return Error{ErrorKind::usage, "gone"};
                      }});
  const std::string page = result_html(without, without.load(*without.paged()[0]));
  CHECK(has(page, "Nothing was exchanged with the target."));
  CHECK(has(page, "CLOSE 1007"));
}

TEST_CASE("pages: one file holds what does not hold, and is small enough to mail", "[report]") {
  const Run run = testing::night_run();
  const Comparison comparison = testing::sample_comparison();
  const std::string file = single_file_html(Pages(run, comparison));
  CHECK(file.size() <= html::most_single);
  CHECK(has(file, "<style>"));
  CHECK_FALSE(has(file, "<script"));
  CHECK_FALSE(has(file, "href=\"s/"));
  CHECK_FALSE(has(file, "results/01.html\""));
  const std::string slug = view::slug(run.results[6]);
  CHECK(has(file, "href=\"#" + slug + "-top\""));
  CHECK(has(file, "id=\"" + slug + "-top\""));
  CHECK(has(file, "id=\"" + slug + "-step-4\""));
  CHECK(times(file, "<h1") == 1);
  const Run large = testing::library_run(10'000, 1000);
  const Pages pages(large, {}, {.timelines = from_memory()});
  const std::string clipped = single_file_html(pages);
  CHECK(clipped.size() <= html::most_single);
}

}  // namespace relapse
