#include "report/prometheus.hpp"

#include "base/bytes.hpp"
#include "base/text.hpp"
#include "catch.hpp"
#include "report/golden.hpp"
#include "report/sample_nights.hpp"
#include "report/sample_run.hpp"

namespace relapse {

namespace {
std::size_t series(const std::string& text, const std::string& name) {
  std::size_t found = 0;
  for (const std::string& line : split(text, '\n'))
    found += line.starts_with(name + "{") || line.starts_with(name + " ") ? 1U : 0U;
  return found;
}
}  // namespace

TEST_CASE("prometheus: golden output", "[report]") {
  testing::check_golden("relapse.prom",
                        prometheus_text(testing::acknowledged_run(), testing::sample_nights()));
}

TEST_CASE("prometheus: a label is escaped", "[report]") {
  CHECK(prometheus_label("a\"b\\c\nd") == "a\\\"b\\\\c\\\\nd");
  const std::string text = prometheus_text(testing::nasty_run(), testing::hostile_nights());
  CHECK(is_valid_utf8(text));
  CHECK(text.find_first_of(std::string("\x1b\x07\r\0", 4)) == std::string::npos);
}

TEST_CASE("prometheus: the age of the last success is never missing", "[report]") {
  const char* name = "relapse_last_success_timestamp_seconds ";
  // This run held: its end.
  CHECK(prometheus_text(testing::holding_run()).find(std::string(name) + "1795317133.313\n") !=
        std::string::npos);
  // It did not: the end of the newest night that did.
  CHECK(prometheus_text(testing::sample_run(), testing::sample_nights())
            .find(std::string(name) + "1795144333.000\n") != std::string::npos);
  // None is known: 0, so that an alert on the age fires.
  CHECK(prometheus_text(testing::sample_run()).find(std::string(name) + "0.000\n") !=
        std::string::npos);
}

TEST_CASE("prometheus: series of single results are bounded", "[report]") {
  const std::string text = prometheus_text(testing::large_run(2000, /*all_relapse=*/true));
  CHECK(series(text, "relapse_scenario_not_holding") == 200);
  CHECK(text.find("relapse_scenario_series_left_out 1800\n") != std::string::npos);
  CHECK(series(text, "relapse_results") == 4 * 6);
  CHECK(text.size() < 100'000);
}

}  // namespace relapse
