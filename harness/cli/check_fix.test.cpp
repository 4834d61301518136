#include "cli/check_fix.hpp"

#include "catch.hpp"

namespace relapse {

TEST_CASE("fix: misspelt keys become what was suggested, and nothing else changes", "[cli]") {
  const std::string text = R"({
  "title": "t", // a comment
  "incident": { "ref": "r", "seen": "2025-09-11", "story": "s", "evidence": "e" },
  "stepz": [
    { "send": { "request": { "path": "/" } } },
    { "exepct": { "response": { "status": 200 } } }
  ],
  "proof": { "relapses_on": ["x"] }
})";
  const auto parsed = parse_scenario(text, "scenarios/x.json", "scenarios");
  REQUIRE(!parsed.value);
  const Fixed once = fix_spelling(text, parsed.diagnostics);
  CHECK(once.replaced >= 1);
  CHECK(once.text.find("\"steps\": [") != std::string::npos);
  // What stood in the list was no step before.
  const auto again = parse_scenario(once.text, "scenarios/x.json", "scenarios");
  const Fixed twice = fix_spelling(once.text, again.diagnostics);
  CHECK(parse_scenario(twice.text, "scenarios/x.json", "scenarios").value);
  CHECK(twice.text.find("// a comment") != std::string::npos);
  CHECK(fix_spelling(twice.text, {}).replaced == 0);
}

}  // namespace relapse
