#include <iostream>
#include <regex>
#include <sstream>

#include "base/bytes.hpp"
#include "catch.hpp"
#include "report/assets.hpp"
#include "report/fields_html.hpp"
#include "report/html.hpp"
#include "report/sample_history.hpp"
#include "report/sample_run.hpp"

// What no page may hold, whatever a target, a log or a file says.
namespace relapse {

namespace {

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

std::string without(std::string text, const std::string& part) {
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part))
    text.erase(at, part.size());
  return text;
}

/// The only script: it stands beside the pages, and they do without it.
std::string without_script(const std::string& html) {
  return without(without(without(html, "<script src=\"app.js\" defer></script>"),
                         "<script src=\"../app.js\" defer></script>"),
                 "<script src=\"{{#UP}}../{{/UP}}app.js\" defer></script>");
}

/// Everything that Jenkins' policies refuse or that would run or load something.
void check_harmless(const std::string& html) {
  const std::string tags = tags_of(without_script(html));
  const std::string names = without_values(tags);
  for (const char* pattern : {"<script", "<style", "<iframe", "<form", "<object", "<embed", "<base",
                              "<img", "<use", "\\sstyle\\s*=", "\\son[a-z]+\\s*=", "xlink:",
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
}

std::vector<std::string> all_pages(const Run& run, const Comparison& comparison = {}) {
  const Pages pages(run, comparison);
  std::vector<std::string> all{index_html(pages), run_html(pages), history_html(pages),
                               result_list(pages, 1).html};
  if (!run.results.empty())
    all.push_back(matrix_page(pages, 1).html);
  for (const ScenarioResult* result : pages.paged())
    all.push_back(result_html(pages, *result));
  return all;
}

const std::vector<std::string_view>& templates() {
  static const std::vector<std::string_view> all{
      assets::head_template(),    assets::foot_template(),    assets::index_template(),
      assets::results_template(), assets::matrix_template(),  assets::run_template(),
      assets::history_template(), assets::scenario_template()};
  return all;
}

}  // namespace

TEST_CASE("harmless: pages need no script and load nothing but what stands beside them",
          "[report]") {
  for (const Run& run : {testing::sample_run(), testing::holding_run(), Run{},
                         testing::hostile_run(), testing::swept_run(), testing::asgi_run()}) {
    for (const std::string& page : all_pages(run)) {
      check_harmless(page);
      CHECK(finds(tags_of(page),
                  "http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'"));
    }
  }
  for (const std::string& page : all_pages(testing::night_run(), testing::sample_comparison()))
    check_harmless(page);
  const std::string css(assets::stylesheet());
  CHECK_FALSE(finds(css, "url\\(|@import|expression\\(|http:"));
  CHECK(css.size() <= 20 * 1024);
  const std::string script(assets::script());
  CHECK_FALSE(finds(script,
                    "innerHTML|outerHTML|\\beval\\b|fetch\\(|XMLHttp|localStorage|"
                    "sessionStorage|document\\.write|\\bimport\\b"));
  CHECK(script.size() <= 10 * 1024);
}

TEST_CASE("harmless: templates escape everything and the engine accepts them", "[report]") {
  for (const std::string_view text : templates()) {
    const std::string source(text);
    INFO(source.substr(0, 120));
    CHECK(source.starts_with("{{%AUTOESCAPE context=\"HTML\"}}"));
    CHECK(html::Template(text).accepted());
    check_harmless(source);
  }
  check_harmless(std::string(assets::chart_template()));
  std::string everything(assets::chart_template());
  for (const std::string_view text : templates())
    everything += text;
  CHECK_FALSE(finds(everything, ":none"));
  CHECK_FALSE(finds(everything, "\\{\\{>"));
  CHECK_FALSE(finds(everything, "\\{\\{[A-Z_0-9]+:"));  // no modifier: the engine chooses
}

TEST_CASE("harmless: the engine refuses what would be unsafe, which is why it was chosen",
          "[report]") {
  // It says so on standard error, where it would look like a fault of the pages.
  std::ostringstream told;
  std::streambuf* const before = std::cerr.rdbuf(told.rdbuf());
  const bool accepted =
      html::Template("{{%AUTOESCAPE context=\"HTML\"}}<a href={{X}}>x</a>").accepted();
  std::cerr.rdbuf(before);
  CHECK_FALSE(accepted);
  CHECK(told.str().find("must be enclosed in quotes") != std::string::npos);
}

TEST_CASE("harmless: what a lint finds when a template is wrong", "[report]") {
  // Each of these was chosen because the engine alone would let it pass.
  for (const char* wrong :
       {"<p style=\"color:red\">", "<p onclick=\"x\">", "<a xlink:href=\"x\">", "<style>",
        "<img src=\"x\">", "<a target=\"_blank\">", "<a href=\"javascript:x\">", "<p class=x>"}) {
    const std::string tags = tags_of(wrong);
    const std::string names = without_values(tags);
    INFO(wrong);
    CHECK(
        (finds(names, "\\sstyle\\s*=|\\son[a-z]+\\s*=|xlink:|<style|<img|\\starget\\s*=|=[^\"]") ||
         finds(tags, "=\"\\s*javascript:")));
  }
}

TEST_CASE("harmless: hostile octets are visible text on every page", "[report]") {
  const Run run = testing::hostile_run();
  const Comparison comparison = testing::hostile_comparison();
  const auto pages = all_pages(run, comparison);
  REQUIRE(pages.size() > 6);
  for (const std::string& whole : pages) {
    check_harmless(whole);
    const std::string page = without_script(whole);
    CHECK(is_valid_utf8(page));
    CHECK(page.find_first_of(std::string("\x1b\x07\r\0", 4)) == std::string::npos);
    CHECK(page.find("\xe2\x80\xae") == std::string::npos);
    CHECK_FALSE(finds(page, "<script|<b\\s|<b>"));
    CHECK(page.find("\\u{1b}[31m\\u{7}\\u{202e}]]&gt;&lt;script&gt;") != std::string::npos);
  }
  const std::string single = single_file_html(Pages(run, comparison));
  CHECK(is_valid_utf8(single));
  CHECK_FALSE(finds(single, "<script|<b\\s|<b>"));
  CHECK(single.find("&lt;script&gt;") != std::string::npos);
}

TEST_CASE("harmless: only https references become links", "[report]") {
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

}  // namespace relapse
