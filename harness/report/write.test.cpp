#include "report/write.hpp"

#include <nlohmann/json.hpp>

#include "base/files.hpp"
#include "catch.hpp"
#include "report/html.hpp"
#include "report/junit.hpp"
#include "report/report_json.hpp"
#include "report/sample_history.hpp"
#include "report/sample_run.hpp"
#include "report/view.hpp"

namespace relapse {

namespace {

std::string content(const std::filesystem::path& path) {
  auto text = read_file(path);
  REQUIRE(text.has_value());
  return *text;
}

std::size_t files_in(const std::filesystem::path& directory) {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(directory))
    count += entry.is_regular_file() ? 1U : 0U;
  return count;
}

}  // namespace

TEST_CASE("write: a report is all of its files, and run.json gives the run back", "[report]") {
  auto temporary = TempDir::make("relapse-report");
  REQUIRE(temporary.has_value());
  const auto root = temporary->path() / "a" / "report";
  const Run run = testing::sample_run();
  REQUIRE(write_report(run, root).has_value());
  CHECK(content(root / "index.html") == index_html(run));
  CHECK(content(root / "junit.xml") == junit_xml(run));
  CHECK_FALSE(content(root / "style.css").empty());
  CHECK_FALSE(content(root / "app.js").empty());
  CHECK(files_in(root / "s") == 5);
  CHECK(files_in(root / "results") == 2);
  CHECK_FALSE(std::filesystem::exists(root / "evidence"));
  auto back = report_from_json(Json::parse(content(root / "data" / "report.json")));
  REQUIRE(back.has_value());
  CHECK(index_html(back->run) == index_html(run));
}

TEST_CASE("write: a large night keeps within the budgets of octets and files", "[report]") {
  auto temporary = TempDir::make("relapse-report");
  REQUIRE(temporary.has_value());
  const auto& root = temporary->path();
  const Run run = testing::library_run(2000, 100);
  const ReportOptions options{.timelines = [](const StoredTimeline&) -> Result<Timeline> {
    return testing::large_timeline();
  }};
  REQUIRE(write_report(run, testing::large_comparison(run, 30), options, root).has_value());
  std::size_t files = 0;
  std::uintmax_t octets = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    files += entry.is_regular_file() ? 1U : 0U;
    octets += entry.is_regular_file() ? entry.file_size() : 0U;
    if (entry.path().extension() == ".html")
      CHECK(entry.file_size() <= html::most_result);
  }
  CHECK(std::filesystem::file_size(root / "index.html") <= html::most_index);
  CHECK(files == 100 + 8 + files_in(root / "results"));
  CHECK(octets <= std::uintmax_t{12} << 20);
}

TEST_CASE("write: the page of one result on demand", "[report]") {
  auto temporary = TempDir::make("relapse-report");
  REQUIRE(temporary.has_value());
  const Run run = testing::holding_run();
  CHECK(results_with_page(run).empty());
  auto page = write_result_page(run, {}, {}, run.results[0], temporary->path());
  REQUIRE(page.has_value());
  CHECK(content(*page).find("✓ Holds") != std::string::npos);
  CHECK(std::filesystem::exists(temporary->path() / "style.css"));
}

TEST_CASE("write: evidence stands beside a page that was clipped, and goes with it", "[report]") {
  auto temporary = TempDir::make("relapse-report");
  REQUIRE(temporary.has_value());
  const auto& root = temporary->path();
  Run run = testing::sample_run();
  for (Event& event : run.results[6].attempts.front().timeline.events) {
    if (auto* frame = std::get_if<WsFrame>(&event.payload))
      frame->payload = Bytes(60'000, 'x');
  }
  REQUIRE(write_report(run, root).has_value());
  CHECK(files_in(root / "evidence") == 1);
  REQUIRE(write_report(testing::holding_run(), root).has_value());
  CHECK(files_in(root / "evidence") == 0);
}

TEST_CASE("write: pages of an earlier report go, other files stay", "[report]") {
  auto temporary = TempDir::make("relapse-report");
  REQUIRE(temporary.has_value());
  const auto& root = temporary->path();
  // Without run.json it is not known to be a report's directory: nothing is removed.
  REQUIRE(write_file(root / "s" / "mine-0123ab.html", "x").has_value());
  REQUIRE(write_report(testing::sample_run(), root).has_value());
  CHECK(files_in(root / "s") == 6);
  REQUIRE(write_file(root / "s" / "notes.html", "x").has_value());
  REQUIRE(write_report(testing::holding_run(), root).has_value());
  CHECK(files_in(root / "s") == 1);
  CHECK(std::filesystem::exists(root / "s" / "notes.html"));
}

TEST_CASE("write: a directory that cannot be written is an error", "[report]") {
  auto temporary = TempDir::make("relapse-report");
  REQUIRE(temporary.has_value());
  const auto file = temporary->path() / "file";
  REQUIRE(write_file(file, "x").has_value());
  CHECK_FALSE(write_report(testing::holding_run(), file / "report").has_value());
}

}  // namespace relapse
