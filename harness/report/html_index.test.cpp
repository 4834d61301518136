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

std::string night() {
  return index_html(testing::night_run(), testing::sample_comparison());
}

}  // namespace

TEST_CASE("index: what has changed comes first, in the order in which it matters", "[report]") {
  const std::string page = night();
  std::size_t last = 0;
  for (const char* heading :
       {"<h1 class=\"bad\">RELAPSED", "Changed since last night (2026-11-21)", "Relapsed (2)",
        "Lost (1)", "Inconclusive (1)", "Flaky tonight (1)", "Slower (1)", "Recovered (1)",
        "New and holding (1)", "Target changed (2)", "Still failing (1)", "Families and targets",
        "31 nights", "Run it again"}) {
    INFO(heading);
    const std::size_t at = page.find(heading, last);
    REQUIRE(at != std::string::npos);
    last = at;
  }
  CHECK_FALSE(has(page, "New and failing ("));
}

TEST_CASE("index: an entry says what was expected, since when, and how to run it", "[report]") {
  const std::string page = night();
  CHECK(has(page,
            "held 17 nights · last good 2026-11-21 on chatd 0.1.0 · first bad 2026-11-22 on "
            "chatd 0.1.1"));
  CHECK(has(page, "relapse run protocol/bad-utf8 -t embedded --retries 0 -v</code>"));
  CHECK(has(page,
            "owner <strong>chat-team</strong> · acknowledged until <time "
            "datetime=\"2026-12-01\">"));
  CHECK(has(page, "embedded (chatd 0.1.1, was chatd 0.1.0)"));
  CHECK(has(page, "Acknowledgements have expired:"));
  CHECK(has(page, "by rule: header cookie 4, token in a query 2."));
}

TEST_CASE("index: without an earlier run nothing is called a regression", "[report]") {
  const std::string page = index_html(testing::sample_run());
  CHECK(has(page, "nothing can be called a regression tonight"));
  CHECK(has(page, "What does not hold"));
  CHECK(has(page, "One night is no trend"));
  CHECK_FALSE(has(page, "Changed since last night"));
  CHECK_FALSE(has(night(), "nothing can be called a regression"));
}

TEST_CASE("index: a failure of many results is told once", "[report]") {
  const Run run = testing::library_run(1000, 50);
  const std::string page = index_html(run, testing::large_comparison(run, 2));
  CHECK(has(page, "Relapsed (50)"));
  CHECK(has(page, ">CLOSE 1000 instead of CLOSE 1007</a> <span class=\"many\">— 8 results on "));
  CHECK(has(page, "results with this failure</summary>"));
}

TEST_CASE("index: each cell of the matrix leads to its family", "[report]") {
  const Run run = testing::night_run();
  const Comparison comparison = testing::sample_comparison();
  const std::string page = index_html(run, comparison);
  const std::string anchor = view::anchor("lifecycle");
  CHECK(has(page, "<a href=\"results/matrix-01.html#" + anchor + "\">✗ 1 relapsed"));
  CHECK(has(matrix_page(Pages(run, comparison), 1).html, "id=\"" + anchor + "\""));
  CHECK(has(page, "<tr class=\"family failing changed\">"));
  CHECK(has(page, "<input type=\"radio\" name=\"rows\" id=\"rows-failing\">"));
}

}  // namespace relapse
