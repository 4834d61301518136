#include "report/junit.hpp"

#include "base/bytes.hpp"
#include "catch.hpp"
#include "report/golden.hpp"
#include "report/sample_nights.hpp"
#include "report/sample_run.hpp"

namespace relapse {

namespace {
std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    ++found;
  return found;
}
}  // namespace

TEST_CASE("junit: golden output", "[report]") {
  testing::check_golden("junit.xml", junit_xml(testing::sample_run(), testing::sample_nights()));
  testing::check_golden("junit-holding.xml", junit_xml(testing::holding_run()));
  testing::check_golden(
      "junit-gitlab.xml",
      junit_xml(testing::acknowledged_run(), testing::sample_nights(), JunitDialect::gitlab));
}

TEST_CASE("junit: escapes markup and drops what XML does not allow", "[report]") {
  CHECK(xml_escape("a<b>&\"c\"]]>") == "a&lt;b&gt;&amp;&quot;c&quot;]]&gt;");
  CHECK(xml_escape(std::string("a\0b\x1b\x0b"
                               "c\n\t",
                               8)) == "abc\n\t");
  CHECK(xml_escape("a\xEF\xBF\xBE\xEF\xBF\xBF\xEF\xBF\xBD") == "a\xEF\xBF\xBD");
  for (const JunitDialect dialect : {JunitDialect::jenkins, JunitDialect::gitlab}) {
    const std::string xml = junit_xml(testing::nasty_run(), testing::hostile_nights(), dialect);
    CHECK(is_valid_utf8(xml));
    CHECK(xml.find("<script") == std::string::npos);
    CHECK(xml.find("]]>") == std::string::npos);
    CHECK(xml.find("\xe2\x80\xae") == std::string::npos);
    CHECK(xml.find_first_of(std::string("\x1b\x07\r\0", 4)) == std::string::npos);
  }
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

TEST_CASE("junit: what each dialect's reader knows", "[report]") {
  const Run run = testing::acknowledged_run();
  const std::string jenkins = junit_xml(run);
  // The strict schema of Jenkins' xUnit plugin has no file of a case.
  CHECK(jenkins.find(" file=") == std::string::npos);
  CHECK(jenkins.find("<skipped message=\"acknowledged until 2026-12-01 by chat-team: waits for "
                     "release 0.30.3; expected CLOSE 1007, observed RST\"/>") != std::string::npos);
  const std::string gitlab = junit_xml(run, {}, JunitDialect::gitlab);
  CHECK(gitlab.find("classname=\"embedded: protocol\"") != std::string::npos);
  CHECK(gitlab.find("file=\"scenarios/protocol/bad-utf8.json\" line=\"31\"") != std::string::npos);
  CHECK(gitlab.find(">acknowledged until 2026-12-01") != std::string::npos);
}

TEST_CASE("junit: an empty run is a valid document without suites", "[report]") {
  CHECK(junit_xml(Run{}) ==
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"relapse\" tests=\"0\" "
        "failures=\"0\" errors=\"0\" time=\"0.000\">\n</testsuites>\n");
}

TEST_CASE("junit: of the long texts only so many are kept, and the others say so", "[report]") {
  const Run run = testing::large_run(1000, /*all_relapse=*/true);
  const std::string xml = junit_xml(run, {}, JunitDialect::gitlab, 100'000);
  CHECK(count(xml, "<failure ") == 1000);
  CHECK(count(xml, "<system-out>") == 1000);
  CHECK(xml.find("Left out, or this file would be too large. It is all in run "
                 "20261122T031207Z-3fa1c2: relapse show 20261122T031207Z-3fa1c2 "
                 "family-24/scenario-249@four\n</failure>") != std::string::npos);
  CHECK(xml.size() < junit_xml(run).size() / 2);
}

}  // namespace relapse
