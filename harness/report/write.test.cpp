#include "report/write.hpp"

#include <nlohmann/json.hpp>

#include "base/files.hpp"
#include "catch.hpp"
#include "report/html.hpp"
#include "report/junit.hpp"
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
  CHECK(files_in(root / "s") == 5);
  auto back = run_from_json(Json::parse(content(root / "data" / "run.json")));
  REQUIRE(back.has_value());
  CHECK(to_json(*back).dump() == to_json(run).dump());
  CHECK(index_html(*back) == index_html(run));
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
