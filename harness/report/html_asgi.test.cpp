#include "base/text.hpp"
#include "catch.hpp"
#include "report/console.hpp"
#include "report/golden.hpp"
#include "report/html.hpp"
#include "report/junit.hpp"
#include "report/sample_run.hpp"
#include "report/view.hpp"

namespace relapse {

namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("asgi reports: golden pages and texts", "[report]") {
  const Run run = testing::asgi_run();
  const auto pages = results_with_page(run);
  REQUIRE(pages.size() == 1);
  testing::check_golden("asgi.html", result_html(run, *pages[0]));
  testing::check_golden("index-asgi.html", index_html(run));
  testing::check_golden("junit-asgi.xml", junit_xml(run));
  testing::check_golden("console-asgi.txt", console_report(run, {}, {}));
  testing::check_golden("show-asgi.txt",
                        show_attempt(*pages[0], *pages[0]->deciding(), {}, /*hex=*/false));
}

TEST_CASE("asgi reports: the two sides and the calls instead of connections", "[report]") {
  Run run = testing::asgi_run();
  const std::string page = result_html(run, run.results[0]);
  CHECK(has(page, ">server (relapse)</text>"));
  CHECK(has(page, ">application</text>"));
  CHECK_FALSE(has(page, "replayer"));
  CHECK(has(page, "Calls of the application"));
  CHECK_FALSE(has(page, "Close behaviour"));
  CHECK(has(page, "on the ASGI plane"));
  CHECK(has(page, "--plane asgi --retries 0 -v</code>"));
  CHECK(has(page, "<details><summary>Traceback, 6 lines</summary>"));
  CHECK(has(page, "<strong class=\"changed\">    # without &quot;query_string&quot;</strong>"));
  run.results[0].plane = Plane::wire;
  const std::string wire = result_html(run, run.results[0]);
  CHECK(has(wire, ">replayer</text>"));
  CHECK_FALSE(has(wire, "on the ASGI plane"));
  CHECK_FALSE(has(wire, "--plane"));
}

TEST_CASE("asgi reports: a connection beside a call keeps its close table", "[report]") {
  Run run = testing::asgi_run();
  Timeline& timeline = run.results[0].attempts[0].timeline;
  CHECK(view::close_facts(timeline).empty());
  timeline.events.push_back(timeline.events.back());
  timeline.events.back().lane = "main";
  timeline.events.back().payload = testing::received_frame(8, testing::close_octets(1000));
  REQUIRE(view::close_facts(timeline).size() == 1);
  CHECK(view::close_facts(timeline)[0].received == "CLOSE 1000");
}

TEST_CASE("asgi reports: the same scenario on both planes has a page each", "[report]") {
  Run run = testing::asgi_run();
  ScenarioResult wire = run.results[0];
  wire.plane = Plane::wire;
  CHECK(view::slug(wire) != view::slug(run.results[0]));
  run.results.push_back(wire);
  const std::string index = index_html(run);
  CHECK(has(index, "<th scope=\"col\">chat<br>"));
  CHECK(has(index, "<th scope=\"col\">chat [asgi]<br>"));
  CHECK(has(index, "s/" + view::slug(wire) + ".html"));
  CHECK(has(index, "s/" + view::slug(run.results[0]) + ".html"));
  const std::string xml = junit_xml(run);
  CHECK(has(xml, "<property name=\"plane\" value=\"wire, asgi\"/>"));
  CHECK(has(xml, "name=\"asgi/scope-faults/websocket/query_string.missing\""));
  CHECK(has(xml, "name=\"asgi/scope-faults/websocket/query_string.missing [asgi]\""));
}

}  // namespace relapse
