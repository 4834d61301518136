#include "report/format_parts.hpp"

#include <set>

#include "catch.hpp"
#include "report/sample_nights.hpp"
#include "report/sample_run.hpp"

namespace relapse {

TEST_CASE("format parts: time stamps and the epoch", "[report]") {
  CHECK(formats::epoch_ns("1970-01-01T00:00:00Z") == 0);
  CHECK(formats::epoch_ns("2026-11-22T03:12:07.193Z") == 1'795'317'127'193'000'000);
  CHECK(formats::utc_micros(1'795'317'127'193'456'789) == "2026-11-22T03:12:07.193456Z");
  for (const char* bad :
       {"", "yesterday", "2026-11-22", "2026-13-22T03:12:07Z", "2026-02-30T03:12:07Z",
        "2026-11-22T03:12:07", "2026-11-22T03:12:07.Z", "2026-11-22T03:12:07.19a3Z",
        "2026-11-22T24:12:07Z", "9999-11-22T03:12:07Z", "2026-11-22T03:12:07+Z"})
    CHECK(!formats::epoch_ns(bad));
}

TEST_CASE("format parts: names are unique", "[report]") {
  Run run = testing::holding_run();
  for (int i = 0; i < 3; ++i)
    run.results.push_back(run.results[0]);
  run.results[3].scenario = "auth/expired-token on embedded (2)";
  std::set<std::string> names;
  for (const formats::Case& one : formats::cases(run))
    CHECK(names.insert(one.name).second);
  CHECK(names.size() == 5);
}

TEST_CASE("format parts: since when", "[report]") {
  const Comparison nights = testing::sample_nights();
  const formats::Since since(nights);
  ScenarioResult result{.scenario = "protocol/bad-utf8", .target = "embedded"};
  CHECK(since.text(result) == "held 212 nights; last good 2026-11-21 on chatd 0.0.9");
  result = {.scenario = "lifecycle/receive-after-disconnect", .target = "fastapi-uvicorn"};
  CHECK(since.text(result) == "fails since 2026-11-20 on fastapi 0.92.0, uvicorn 0.17.6, 3 nights");
  result.plane = Plane::asgi;
  CHECK(since.text(result) == "");
}

TEST_CASE("format parts: long texts are cut at a line and say so", "[report]") {
  CHECK(formats::clip_lines("one\ntwo\n", 100) == "one\ntwo\n");
  CHECK(formats::clip_lines("one\ntwo\nthree\n", 9) == "one\ntwo\n(1 more lines are left out)\n");
}

TEST_CASE("format parts: a budget ends with the first text that is too long", "[report]") {
  formats::Budget budget(5);
  const auto text = [](std::size_t size) { return [size] { return std::string(size, 'x'); }; };
  CHECK(budget.spend(text(4), "-") == "xxxx");
  CHECK(budget.spend(text(2), "-") == "-");
  bool made = false;
  CHECK(budget.spend([&] { return std::string((made = true) ? "x" : ""); }, "-") == "-");
  CHECK(!made);
}

}  // namespace relapse
