#include "report/golden.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "base/files.hpp"
#include "catch.hpp"

namespace relapse::testing {

void check_golden(const std::string& name, const std::string& actual) {
  const std::filesystem::path path =
      std::filesystem::path(RELAPSE_SOURCE_DIR) / "harness" / "report" / "golden" / name;
  const char* update = std::getenv("RELAPSE_UPDATE_GOLDEN");
  if (update != nullptr && std::string(update) == "1") {
    auto written = write_file(path, actual);
    REQUIRE(written.has_value());
    return;
  }
  auto expected = read_file(path);
  REQUIRE(expected.has_value());
  if (*expected == actual) {
    SUCCEED();
    return;
  }
  const auto differs = std::ranges::mismatch(*expected, actual);
  const auto offset = static_cast<std::size_t>(differs.in1 - expected->begin());
  const std::size_t from = offset < 80 ? 0 : offset - 80;
  FAIL("golden/" << name << " differs at byte " << offset << "\n--- expected\n"
                 << expected->substr(from, 240) << "\n--- actual\n"
                 << actual.substr(std::min(from, actual.size()), 240)
                 << "\n(RELAPSE_UPDATE_GOLDEN=1 rewrites it)");
}

}  // namespace relapse::testing
