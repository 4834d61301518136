#include "report/report_json.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "report/html.hpp"
#include "report/sample_history.hpp"
#include "report/sample_run.hpp"

namespace relapse {

namespace {

std::string text_of(const Pages& pages) {
  std::string text;
  write_report_json(pages, [&text](std::string_view part) { text += part; });
  return text;
}

std::string all_pages(const Pages& pages) {
  std::string text = index_html(pages) + run_html(pages) + history_html(pages);
  for (std::size_t i = 1; i <= result_list_count(pages); ++i)
    text += result_list(pages, i).html;
  for (std::size_t i = 1; i <= matrix_count(pages); ++i)
    text += matrix_page(pages, i).html;
  for (const ScenarioResult* result : pages.paged())
    text += result_html(pages, pages.load(*result));
  return text + single_file_html(pages);
}

void check_round_trip(const Run& run, const Comparison& comparison, const ReportOptions& options) {
  const Pages pages(run, comparison, options);
  const std::string text = text_of(pages);
  auto stored = report_from_json(Json::parse(text));
  REQUIRE(stored.has_value());
  const Pages again(stored->run, stored->comparison, stored->options);
  const std::string before = all_pages(pages);
  const std::string after = all_pages(again);
  const auto differs = std::ranges::mismatch(before, after);
  const auto at = static_cast<std::size_t>(differs.in1 - before.begin());
  INFO(before.substr(at < 60 ? 0 : at - 60, 200) << "\n"
                                                 << after.substr(at < 60 ? 0 : at - 60, 200));
  CHECK((before == after));
  CHECK(text_of(again) == text);
}

}  // namespace

TEST_CASE("report.json: the pages are a function of it", "[report]") {
  check_round_trip(testing::night_run(), testing::sample_comparison(),
                   {.now = "2026-11-22T10:00:00Z", .history = "history"});
  // What is inside a Value came from JSON, so that not everything can be in it: read it once.
  const Run hostile = testing::hostile_run();
  const Comparison nights = testing::hostile_comparison();
  auto once = report_from_json(Json::parse(text_of(Pages(hostile, nights))));
  REQUIRE(once.has_value());
  check_round_trip(once->run, once->comparison, {});
  check_round_trip(testing::asgi_run(), {}, {});
  const Run large = testing::library_run(400, 20);
  check_round_trip(large, testing::large_comparison(large, 30),
                   {.timelines = [](const StoredTimeline&) -> Result<Timeline> {
                     return testing::large_timeline();
                   }});
}

TEST_CASE("report.json: exact octets, and nights only of what has a page", "[report]") {
  const Run hostile = testing::hostile_run();
  const std::string text = text_of(Pages(hostile, {}));
  auto stored = report_from_json(Json::parse(text));
  REQUIRE(stored.has_value());
  CHECK(stored->run.results[0].title == testing::hostile_octets());
  const Run large = testing::library_run(400, 20);
  const Comparison comparison = testing::large_comparison(large, 30);
  stored = report_from_json(Json::parse(text_of(Pages(large, comparison))));
  REQUIRE(stored.has_value());
  CHECK(comparison.history.size() == 400);
  CHECK(stored->comparison.history.size() == 20);
}

TEST_CASE("report.json: what is no report is an error that says where", "[report]") {
  const auto message = [](const char* text) {
    auto report = report_from_json(Json::parse(text));
    REQUIRE_FALSE(report.has_value());
    return report.error().message;
  };
  CHECK(message("{}").find("format") != std::string::npos);
  CHECK(message(R"({"format":"relapse-report","version":1})").find("run") != std::string::npos);
  CHECK(message(R"({"format":"relapse-report","version":1,
      "run":{"format":"relapse-run","version":2,"results":[]},
      "comparison":{"changes":[{"kind":"worse"}]}})")
            .find("changes 1") != std::string::npos);
}

}  // namespace relapse
