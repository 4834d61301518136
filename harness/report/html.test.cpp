#include "report/html.hpp"

#include <chrono>
#include <regex>

#include "base/bytes.hpp"
#include "catch.hpp"
#include "report/assets.hpp"
#include "report/fields_html.hpp"
#include "report/golden.hpp"
#include "report/sample_run.hpp"

namespace relapse {

namespace {

std::vector<std::string> all_pages(const Run& run) {
  std::vector<std::string> pages{index_html(run)};
  for (const ScenarioResult* result : results_with_page(run))
    pages.push_back(result_html(run, *result));
  return pages;
}

bool finds(const std::string& text, const char* pattern) {
  return std::regex_search(text, std::regex(pattern, std::regex::icase));
}

/// Only what is inside tags can do harm: text may well speak of "onload=".
std::string tags_of(const std::string& html) {
  std::string tags;
  for (std::size_t at = html.find('<'); at != std::string::npos; at = html.find('<', at + 1)) {
    const std::size_t end = html.find('>', at);
    tags += html.substr(at, end == std::string::npos ? end : end - at + 1) + "\n";
  }
  return tags;
}

std::string without_values(const std::string& tags) {
  return std::regex_replace(tags, std::regex("\"[^\"]*\""), "\"\"");
}

/// Everything that Jenkins' policies refuse or that would run or load something.
void check_harmless(const std::string& html) {
  const std::string tags = tags_of(html);
  const std::string names = without_values(tags);
  for (const char* pattern : {"<script", "<style", "<iframe", "<form", "<object", "<embed", "<base",
                              "<img", "\\sstyle\\s*=", "\\son[a-z]+\\s*=", "xlink:",
                              "\\starget\\s*=", "\\sdownload", "\\ssrc\\s*=", "=[^\"]", "='"}) {
    INFO(pattern);
    CHECK_FALSE(finds(names, pattern));
  }
  for (const char* pattern : {"=\"\\s*javascript:", "=\"\\s*data:", "=\"\\s*//", "=\"\\s*http:"}) {
    INFO(pattern);
    CHECK_FALSE(finds(tags, pattern));
  }
  // https may be followed by a reader, never loaded by the page.
  CHECK_FALSE(finds(tags, "<(?!a )[a-z]+[^>]*=\"\\s*https:"));
  CHECK(finds(tags, "http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'"));
}

}  // namespace

TEST_CASE("html: golden pages", "[report]") {
  const Run run = testing::sample_run();
  testing::check_golden("index.html", index_html(run));
  testing::check_golden("index-holding.html", index_html(testing::holding_run()));
  testing::check_golden("index-empty.html", index_html(Run{}));
  const char* names[] = {"log.html", "reset.html", "unreachable.html", "flaky.html", "hang.html"};
  const auto pages = results_with_page(run);
  REQUIRE(pages.size() == std::size(names));
  for (std::size_t i = 0; i < pages.size(); ++i)
    testing::check_golden(names[i], result_html(run, *pages[i]));
}

TEST_CASE("html: golden pages of a sweep and of a disturbed scenario", "[report]") {
  const Run run = testing::swept_run();
  const auto pages = results_with_page(run);
  REQUIRE(pages.size() == 2);
  testing::check_golden("swept.html", result_html(run, *pages[0]));
  testing::check_golden("disturbed.html", result_html(run, *pages[1]));
}

TEST_CASE("html: pages need no script and load nothing but the stylesheet", "[report]") {
  for (const Run& run : {testing::sample_run(), testing::holding_run(), Run{},
                         testing::hostile_run(), testing::swept_run(), testing::asgi_run()}) {
    for (const std::string& page : all_pages(run))
      check_harmless(page);
  }
  const std::string css(assets::stylesheet());
  CHECK_FALSE(finds(css, "url\\(|@import|expression\\(|http"));
  CHECK(css.size() <= 20 * 1024);
}

TEST_CASE("html: templates escape everything and the engine accepts them", "[report]") {
  for (const std::string_view text : {assets::index_template(), assets::scenario_template()}) {
    const std::string source(text);
    CHECK(source.starts_with("{{%AUTOESCAPE context=\"HTML\"}}"));
    CHECK_FALSE(finds(source, ":none"));
    CHECK_FALSE(finds(source, "\\{\\{>"));
    CHECK_FALSE(finds(source, "\\{\\{[A-Z_]+:"));  // no modifier: the engine chooses
    CHECK_FALSE(html::Document(text).expand().empty());
    check_harmless(source);
  }
  // The engine refuses what would be unsafe, which is why it was chosen.
  CHECK(html::Document("{{%AUTOESCAPE context=\"HTML\"}}<a href={{X}}>x</a>").expand().empty());
}

TEST_CASE("html: hostile octets are visible text", "[report]") {
  const Run run = testing::hostile_run();
  for (const std::string& page : all_pages(run)) {
    CHECK(is_valid_utf8(page));
    CHECK(page.find_first_of(std::string("\x1b\x07\r\0", 4)) == std::string::npos);
    CHECK(page.find("\xe2\x80\xae") == std::string::npos);
    CHECK_FALSE(finds(page, "<script|<b\\s|<b>"));
    CHECK(page.find("\\u{1b}[31m\\u{7}\\u{202e}]]&gt;&lt;script&gt;") != std::string::npos);
  }
}

TEST_CASE("html: only https references become links", "[report]") {
  Run run = testing::sample_run();
  ScenarioResult& result = run.results[6];
  const auto link_count = [&run, &result](const std::string& ref) {
    result.incident.ref = ref;
    const std::string page = result_html(run, result);
    CHECK_FALSE(finds(tags_of(page), "javascript:|http:"));
    return page.find("<a href=\"https://") != std::string::npos;
  };
  CHECK(link_count("https://example.org/issues/1"));
  CHECK_FALSE(link_count("http://example.org/issues/1"));
  CHECK_FALSE(link_count("javascript:alert(1)"));
  CHECK_FALSE(link_count("encode/uvicorn#1234"));
  CHECK(link_count("https://example.org/\" onclick=\"alert(1)"));
  check_harmless(result_html(run, result));
}

TEST_CASE("html: large runs stay small and say what was left out", "[report]") {
  Run run = testing::sample_run();
  const ScenarioResult relapsed = run.results[6];
  const ScenarioResult held = run.results[0];
  run.results.clear();
  for (int i = 0; i < 1000; ++i) {
    run.results.push_back(i < 100 ? relapsed : held);
    run.results.back().scenario = "family/scenario-" + std::to_string(i);
  }
  CHECK(results_with_page(run).size() == 75);
  const std::string page = index_html(run);
  CHECK(page.size() < 150 * 1024);
  CHECK(page.find("25 more without a page of their own") != std::string::npos);
  CHECK(page.find("500 more scenarios, none of them worse") != std::string::npos);
  CHECK(page.find("RELAPSED: 100 fixes no longer hold") != std::string::npos);
}

TEST_CASE("html: many results that are skipped for one reason are one line", "[report]") {
  Run run;
  const auto skip = [&run](int number, const std::string& reason) {
    ScenarioResult result;
    result.scenario = "s/" + std::to_string(number);
    result.target = "t";
    result.outcome = Outcome::skipped;
    result.reason = reason;
    run.results.push_back(result);
  };
  for (int i = 0; i < 20; ++i) {
    skip(i, "no log");
  }
  skip(20, "no address");
  skip(21, "no address");
  const std::string page = index_html(run);
  CHECK(page.find("Skipped (22)") != std::string::npos);
  CHECK(page.find("<code>20 scenarios</code> on <strong>t</strong>: no log") != std::string::npos);
  CHECK(page.find("<code>s/3</code> on") == std::string::npos);
  CHECK(page.find("<code>s/21</code> on <strong>t</strong>: no address") != std::string::npos);
}

TEST_CASE("html: a page with a huge timeline is clipped", "[report]") {
  Run run = testing::sample_run();
  ScenarioResult& result = run.results[6];
  testing::TimelineBuilder b;
  b.step(0);
  for (int i = 0; i < 20000; ++i)
    b.add(1, testing::received_frame(1, std::string(3000, 'x')))
        .log(0, "ERROR " + std::string(900, 'y'));
  result.attempts[0].timeline = b.timeline;
  result.attempts[0].verdict.findings[1].evidence = {20000};
  const std::string page = result_html(run, result);
  CHECK(page.size() < 512 * 1024);
  CHECK(page.find("more events, left out to keep this page small") != std::string::npos);
  CHECK(page.find("200 of 20000 entries are shown") != std::string::npos);
  CHECK(page.find("diverges here") != std::string::npos);
}

}  // namespace relapse
