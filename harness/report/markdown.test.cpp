#include "report/markdown.hpp"

#include "base/bytes.hpp"
#include "base/text.hpp"
#include "catch.hpp"
#include "report/golden.hpp"
#include "report/sample_nights.hpp"
#include "report/sample_run.hpp"

namespace relapse {

TEST_CASE("markdown: golden output", "[report]") {
  testing::check_golden("summary.md",
                        markdown_summary(testing::acknowledged_run(), testing::sample_nights()));
  testing::check_golden("summary-new.md", markdown_summary(testing::sample_run()));
  testing::check_golden("summary-holding.md", markdown_summary(testing::holding_run()));
}

TEST_CASE("markdown: a code span ends where it should", "[report]") {
  CHECK(markdown_code("a|b") == "`a|b`");
  CHECK(markdown_code("a`b") == "``a`b``");
  CHECK(markdown_code("``a") == "``` ``a ```");
  CHECK(markdown_code("") == "");
  CHECK(markdown_cell("a|b") == "`a\\|b`");
  CHECK(markdown_cell("a\\|b") == "`a\\\\x7cb`");
  CHECK(markdown_cell("a\nb") == "`a\\nb`");
}

TEST_CASE("markdown: a long run is clipped, and says so", "[report]") {
  const std::string text = markdown_summary(testing::large_run(2000, /*all_relapse=*/true));
  CHECK(text.size() <= 65536);
  CHECK(text.starts_with("## ✗ RELAPSED: 2000 fixes no longer hold\n"));
  CHECK(text.find("more rows are left out**: this summary is limited to 64 KB.") !=
        std::string::npos);
  // Many that failed in the same way share a row.
  const std::string alike = markdown_summary(testing::large_run(4000));
  CHECK(alike.size() < 8000);
  CHECK(alike.find("and 29 more") != std::string::npos);
}

TEST_CASE("markdown: hostile text is valid, without controls", "[report]") {
  const std::string text = markdown_summary(testing::nasty_run(), testing::hostile_nights());
  CHECK(is_valid_utf8(text));
  CHECK(text.find_first_of(std::string("\x1b\x07\r\0\t", 5)) == std::string::npos);
  CHECK(text.find("\xe2\x80\xae") == std::string::npos);
}

}  // namespace relapse
