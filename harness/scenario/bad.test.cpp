#include <algorithm>
#include <filesystem>
#include <vector>

#include "base/files.hpp"
#include "catch.hpp"
#include "scenario/reader.hpp"

// Every bad/NAME.json with the whole message in bad/NAME.err, as `relapse check NAME.json` prints
// it in that folder.

namespace relapse {
namespace {

namespace fs = std::filesystem;

const fs::path folder = fs::path(RELAPSE_SOURCE_DIR) / "harness" / "scenario" / "bad";

std::vector<fs::path> bad_files() {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".json") {
      files.push_back(entry.path());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string messages(const fs::path& name, const std::string& text) {
  const auto diagnostics = name.string().starts_with("target-")
                               ? parse_target(text, name).diagnostics
                               : parse_scenario(text, name, {}).diagnostics;
  std::string out;
  for (const Diagnostic& diagnostic : diagnostics) {
    out += render(diagnostic, text);
  }
  return out + error_summary(error_count(diagnostics), 1, 1) + "\n";
}

TEST_CASE("reader: every bad file gives exactly its messages", "[scenario][golden]") {
  const std::vector<fs::path> files = bad_files();
  REQUIRE(files.size() >= 45);
  for (const fs::path& path : files) {
    const auto text = read_file(path);
    const auto expected = read_file(fs::path(path).replace_extension(".err"));
    REQUIRE(text);
    INFO(path.filename().string());
    REQUIRE(expected);
    CHECK(messages(path.filename(), *text) == *expected);
  }
}

TEST_CASE("reader: a bad file gives no value", "[scenario]") {
  for (const fs::path& path : bad_files()) {
    const auto text = read_file(path);
    REQUIRE(text);
    INFO(path.filename().string());
    if (path.filename().string().starts_with("target-")) {
      CHECK_FALSE(parse_target(*text, path.filename()).value);
    } else {
      CHECK_FALSE(parse_scenario(*text, path.filename(), {}).value);
    }
  }
}

TEST_CASE("reader: no message goes beyond what it points at", "[scenario]") {
  for (const fs::path& path : bad_files()) {
    const auto text = read_file(path);
    REQUIRE(text);
    INFO(path.filename().string());
    for (const Diagnostic& one : parse_scenario(*text, path.filename(), {}).diagnostics) {
      CHECK(one.offset <= text->size());
      CHECK(one.at.file == path.filename().string());
    }
  }
}

}  // namespace
}  // namespace relapse
