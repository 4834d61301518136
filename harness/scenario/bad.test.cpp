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

/// Fragments are named from the folder, as when relapse is called there.
std::string from_folder(std::string text) {
  const std::string prefix = folder.generic_string() + "/";
  for (std::size_t at = text.find(prefix); at != std::string::npos; at = text.find(prefix, at)) {
    text.erase(at, prefix.size());
  }
  return text;
}

std::string messages(const fs::path& name, const std::string& text) {
  const auto diagnostics = name.string().starts_with("target-")
                               ? parse_target(text, name).diagnostics
                               : parse_scenario(text, name, folder / "scenarios").diagnostics;
  std::string out;
  for (const Diagnostic& diagnostic : diagnostics) {
    out += render(diagnostic, text);
  }
  return from_folder(out) + error_summary(error_count(diagnostics), 1, 1) + "\n";
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
      CHECK_FALSE(parse_scenario(*text, path.filename(), folder / "scenarios").value);
    }
  }
}

TEST_CASE("reader: no message goes beyond what it points at", "[scenario]") {
  for (const fs::path& path : bad_files()) {
    const auto text = read_file(path);
    REQUIRE(text);
    INFO(path.filename().string());
    for (const Diagnostic& one :
         parse_scenario(*text, path.filename(), folder / "scenarios").diagnostics) {
      CHECK(one.offset <= (one.text ? one.text->size() : text->size()));
      const bool in_fragment = from_folder(one.at.file).starts_with("scenarios/fragments/");
      CHECK((one.text ? in_fragment : one.at.file == path.filename().string()));
    }
  }
}

}  // namespace
}  // namespace relapse
