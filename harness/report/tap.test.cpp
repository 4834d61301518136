#include "report/tap.hpp"

#include "base/bytes.hpp"
#include "base/text.hpp"
#include "catch.hpp"
#include "report/golden.hpp"
#include "report/sample_nights.hpp"
#include "report/sample_run.hpp"

namespace relapse {

TEST_CASE("tap: golden output", "[report]") {
  testing::check_golden("run.tap", tap(testing::acknowledged_run(), testing::sample_nights()));
  testing::check_golden("run-holding.tap", tap(testing::holding_run()));
}

TEST_CASE("tap: text cannot become a directive, a point or the end", "[report]") {
  CHECK(tap_escape("a # TODO \\ b") == "a \\# TODO \\\\ b");
  const std::string text = tap(testing::nasty_run(), testing::hostile_nights());
  CHECK(is_valid_utf8(text));
  CHECK(text.find_first_of(std::string("\x1b\x07\r\0\t", 5)) == std::string::npos);
  for (const std::string& line : split(text, '\n')) {
    const std::string_view inside = trim(line);
    INFO(line);
    CHECK(!inside.starts_with("Bail out! owned"));
    CHECK(!inside.starts_with("not ok 99"));
    if (line.starts_with("ok") || line.starts_with("not ok"))
      CHECK(line.find(" # TODO x") == std::string::npos);
  }
}

TEST_CASE("tap: a run of which nothing ran is never green", "[report]") {
  Run run = testing::holding_run();
  for (ScenarioResult& result : run.results) {
    result.outcome = Outcome::skipped;
    result.reason = "the target has no ASGI application";
    result.attempts.clear();
  }
  CHECK(tap(run).ends_with("Bail out! INCONCLUSIVE: nothing ran\n"));
  CHECK(tap(Run{}).find("1..0 # SKIP nothing was selected\n") != std::string::npos);
  CHECK(tap(Run{}).ends_with("Bail out! INCONCLUSIVE: nothing ran\n"));
  Run cut = testing::holding_run();
  CHECK(tap(cut).find("Bail out!") == std::string::npos);
  cut.interrupted = true;
  CHECK(tap(cut).ends_with("Bail out! INTERRUPTED: 2 of 2 ran\n"));
}

}  // namespace relapse
