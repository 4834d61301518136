#include "report/html.hpp"

#include "catch.hpp"
#include "report/golden.hpp"
#include "report/sample_history.hpp"
#include "report/sample_run.hpp"

namespace relapse {

namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("html: golden pages", "[report]") {
  const Run run = testing::sample_run();
  testing::check_golden("index.html", index_html(run));
  testing::check_golden("index-holding.html", index_html(testing::holding_run()));
  testing::check_golden("index-empty.html", index_html(Run{}));
  const char* names[] = {"log.html", "reset.html", "unreachable.html", "flaky.html", "hang.html"};
  const auto pages = results_with_page(run);
  REQUIRE(pages.size() == std::size(names));
  for (std::size_t i = 0; i < pages.size(); ++i)
    testing::check_golden(names[i], result_html(run, *pages[i]));
}

TEST_CASE("html: golden pages of a night with a history", "[report]") {
  const Run run = testing::night_run();
  const Comparison comparison = testing::sample_comparison();
  const Pages pages(run, comparison, {.now = "2026-11-22T10:12:00Z", .history = "history.sqlite"});
  testing::check_golden("night-index.html", index_html(pages));
  testing::check_golden("night-run.html", run_html(pages));
  testing::check_golden("night-history.html", history_html(pages));
  testing::check_golden("night-results.html", result_list(pages, 1).html);
  testing::check_golden("night-matrix.html", matrix_page(pages, 1).html);
  const ScenarioResult* relapsed = pages.find({"protocol/bad-utf8", "embedded"});
  REQUIRE(relapsed != nullptr);
  testing::check_golden("night-result.html", result_html(pages, *relapsed));
}

TEST_CASE("html: golden pages of a sweep and of a disturbed scenario", "[report]") {
  const Run run = testing::swept_run();
  const auto pages = results_with_page(run);
  REQUIRE(pages.size() == 2);
  testing::check_golden("swept.html", result_html(run, *pages[0]));
  testing::check_golden("disturbed.html", result_html(run, *pages[1]));
}

TEST_CASE("html: many results that are skipped for one reason are one line", "[report]") {
  Run run;
  const auto skip = [&run](int number, const std::string& reason) {
    ScenarioResult result;
    result.scenario = "s/" + std::to_string(number);
    result.target = "t";
    result.outcome = Outcome::skipped;
    result.reason = reason;
    run.results.push_back(result);
  };
  for (int i = 0; i < 20; ++i) {
    skip(i, "no log");
  }
  skip(20, "no address");
  skip(21, "no address");
  const std::string page = index_html(run);
  CHECK(has(page, "Skipped (22)"));
  CHECK(page.find("<code>20 scenarios</code> on <strong>t</strong>: no log") != std::string::npos);
  CHECK(page.find("<code>s/3</code> on") == std::string::npos);
  CHECK(page.find("<code>s/21</code> on <strong>t</strong>: no address") != std::string::npos);
}

TEST_CASE("html: a page with a huge timeline is clipped", "[report]") {
  Run run = testing::sample_run();
  ScenarioResult& result = run.results[6];
  testing::TimelineBuilder b;
  b.step(0);
  for (int i = 0; i < 20000; ++i)
    b.add(1, testing::received_frame(1, std::string(3000, 'x')))
        .log(0, "ERROR " + std::string(900, 'y'));
  result.attempts[0].timeline = b.timeline;
  result.attempts[0].verdict.findings[1].evidence = {20000};
  const std::string page = result_html(run, result);
  CHECK(page.size() <= html::most_result);
  CHECK(has(page, "× ← TEXT, 3000 octets each"));
  CHECK(has(page, " of 20000 entries are shown"));
  CHECK(page.find("diverges here") != std::string::npos);
}

}  // namespace relapse
