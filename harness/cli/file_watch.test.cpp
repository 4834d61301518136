#include "cli/file_watch.hpp"

#include <thread>

#include "base/files.hpp"
#include "catch.hpp"

namespace relapse {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

/// Whether the watch tells of a change within half a second.
bool told(FileWatch& watch) {
  const auto until = std::chrono::steady_clock::now() + 500ms;
  return watch.wait(20ms, [&] { return std::chrono::steady_clock::now() > until; });
}

void save(const fs::path& path, const char* text) {
  const auto written = write_file(path, text);
  REQUIRE(written.has_value());
}

}  // namespace

TEST_CASE("file watch: saving, renaming, removing, in new folders too", "[cli]") {
  const auto folder = TempDir::make("relapse-watch");
  REQUIRE(folder.has_value());
  const fs::path root = folder->path();
  fs::create_directories(root / "a/b");
  auto watch = FileWatch::make({root});
  REQUIRE(watch.has_value());
  CHECK(!told(*watch));
  save(root / "a/b/x.json", "{}");
  CHECK(told(*watch));
  CHECK(!told(*watch));
  fs::rename(root / "a/b/x.json", root / "a/y.json");
  CHECK(told(*watch));
  fs::remove(root / "a/y.json");
  CHECK(told(*watch));
  fs::create_directories(root / "new");
  told(*watch);
  save(root / "new/z.json", "{}");
  CHECK(told(*watch));
}

TEST_CASE("file watch: what is no scenario, fragment or target changes nothing", "[cli]") {
  const auto folder = TempDir::make("relapse-watch");
  REQUIRE(folder.has_value());
  auto watch = FileWatch::make({folder->path()});
  REQUIRE(watch.has_value());
  save(folder->path() / "x.json.swp", "");
  save(folder->path() / "x.proof.json", "{}");
  save(folder->path() / "notes.md", "");
  CHECK(!told(*watch));
  CHECK(!FileWatch::make({folder->path() / "none"}).has_value());
}

}  // namespace relapse
