#include "report/junit.hpp"

#include "base/bytes.hpp"
#include "catch.hpp"
#include "report/golden.hpp"
#include "report/sample_run.hpp"

namespace relapse {

TEST_CASE("junit: golden output", "[report]") {
  testing::check_golden("junit.xml", junit_xml(testing::sample_run()));
  testing::check_golden("junit-holding.xml", junit_xml(testing::holding_run()));
}

TEST_CASE("junit: escapes markup and drops what XML does not allow", "[report]") {
  CHECK(xml_escape("a<b>&\"c\"]]>") == "a&lt;b&gt;&amp;&quot;c&quot;]]&gt;");
  CHECK(xml_escape(std::string("a\0b\x1b\x0b"
                               "c\n\t",
                               8)) == "abc\n\t");
  CHECK(xml_escape("a\xEF\xBF\xBE\xEF\xBF\xBF\xEF\xBF\xBD") == "a\xEF\xBF\xBD");
  const std::string xml = junit_xml(testing::hostile_run());
  CHECK(is_valid_utf8(xml));
  CHECK(xml.find("<script") == std::string::npos);
  CHECK(xml.find("]]>") == std::string::npos);
  CHECK(xml.find("\xe2\x80\xae") == std::string::npos);
  CHECK(xml.find_first_of(std::string("\x1b\x07\r\0", 4)) == std::string::npos);
}

TEST_CASE("junit: no two cases have the same name", "[report]") {
  Run run = testing::holding_run();
  // Two targets: GitLab ignores the suite, so the target is part of the name.
  CHECK(junit_xml(run).find("name=\"auth/expired-token on embedded\"") != std::string::npos);
  CHECK(junit_xml(run).find("name=\"auth/expired-token on fastapi-uvicorn\"") != std::string::npos);
  run.results[1].target = "embedded";
  const std::string xml = junit_xml(run);
  CHECK(xml.find("name=\"auth/expired-token\"") != std::string::npos);
  CHECK(xml.find("name=\"auth/expired-token (2)\"") != std::string::npos);
}

TEST_CASE("junit: an empty run is a valid document without suites", "[report]") {
  CHECK(junit_xml(Run{}) ==
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"relapse\" tests=\"0\" "
        "failures=\"0\" errors=\"0\" skipped=\"0\" time=\"0.000\">\n</testsuites>\n");
}

}  // namespace relapse
