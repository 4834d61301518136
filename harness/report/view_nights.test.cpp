#include "report/view_nights.hpp"

#include "catch.hpp"
#include "report/html.hpp"
#include "report/sample_history.hpp"
#include "report/sample_run.hpp"

namespace relapse {

TEST_CASE("nights: a result over the nights, missing ones included", "[report]") {
  const Run run = testing::night_run();
  const Comparison comparison = testing::sample_comparison();
  const Pages pages(run, comparison);
  const ScenarioResult* relapsed = pages.find({"protocol/bad-utf8", "embedded"});
  REQUIRE(relapsed != nullptr);
  const auto nights = view::nights(pages, *relapsed);
  REQUIRE(nights.size() == 31);
  CHECK_FALSE(nights[5].outcome.has_value());
  CHECK(nights[30].outcome == Outcome::relapsed);
  CHECK(nights[30].version == "chatd 0.1.1");
  CHECK(view::nights_text(nights) ==
        "31 nights: 27 held, 3 relapsed (2026-11-03, 2026-11-04, 2026-11-22), 1 not run");
  CHECK(view::percentile_95(nights).has_value());
  CHECK(view::nights(Pages(run, {}), *relapsed).empty());
}

TEST_CASE("nights: the strip says in words what it draws", "[report]") {
  const Run run = testing::night_run();
  const Comparison comparison = testing::sample_comparison();
  const Pages pages(run, comparison);
  const std::string page = result_html(pages, *pages.find({"protocol/bad-utf8", "embedded"}));
  CHECK(page.find("<figcaption>31 nights: 27 held") != std::string::npos);
  CHECK(page.find("relapse show 20261103T031200Z-11ab12 protocol/bad-utf8@embedded</code>") !=
        std::string::npos);
  CHECK(page.find("This night 0.41 s, p95 of the nights") != std::string::npos);
  CHECK(result_html(run, run.results[6]).find("No earlier night of it is stored.") !=
        std::string::npos);
}

}  // namespace relapse
