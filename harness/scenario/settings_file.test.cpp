#include "scenario/settings_file.hpp"

#include "catch.hpp"

namespace relapse {

TEST_CASE("settings: every key as the command line would have it", "[scenario]") {
  const auto parsed = parse_settings(R"({
  // nightly
  "target": ["staging", "canary"],
  "allow_hosts": ["staging.example"],
  "jobs": 4, "strict": true, "timeout": "10m"
})",
                                     "relapse.json");
  REQUIRE(parsed.value);
  CHECK(parsed.diagnostics.empty());
  REQUIRE(parsed.value->size() == 5);
  const Setting& target = parsed.value->front();
  CHECK(target.name == "target");
  CHECK(target.values == std::vector<std::string>{"staging", "canary"});
  CHECK(to_string(target.at) == "relapse.json:3:3");
  CHECK(parsed.value->at(2).values == std::vector<std::string>{"4"});
  CHECK(parsed.value->at(3).values == std::vector<std::string>{"true"});
}

TEST_CASE("settings: mistakes are shown where they stand", "[scenario]") {
  const std::string text = "{\n  \"jobz\": 4,\n  \"retries\": \"two\"\n}\n";
  const auto parsed = parse_settings(text, "relapse.json");
  CHECK(!parsed.value);
  REQUIRE(parsed.diagnostics.size() == 2);
  CHECK(render(parsed.diagnostics[0], text).find("relapse.json:2:3") != std::string::npos);
  CHECK(render(parsed.diagnostics[0], text).find("did you mean \"jobs\"?") != std::string::npos);
  CHECK(parsed.diagnostics[1].at.line == 3);
  CHECK(!parse_settings("[1]", "relapse.json").value);
  CHECK(!parse_settings("", "relapse.json").value);
}

}  // namespace relapse
