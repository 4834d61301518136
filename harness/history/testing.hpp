#pragma once
#include <string>
#include <vector>

#include "history/past.hpp"

/// Nights made by hand, for the tests of this layer.
namespace relapse::testing {

/// One letter a night: H holds, F fails, G fails in another way, L flaky, ? inconclusive (ran),
/// S skipped, N not run, "." is not there at all.
struct Row {
  std::string scenario;
  std::string nights;
  std::string target = "t";
};

/// The result that a letter stands for.
ScenarioResult result_of(const std::string& scenario, char letter, const std::string& target = "t");

/// A run of one night: the 1st of January 2026 and so on. `column` picks the letter of each row.
Run night_run(const std::vector<Row>& rows, std::size_t column, const std::string& version = "1");

/// All but the last column as the past of the last.
Past past_of(const std::vector<Row>& rows, const std::string& versions = "");

/// The last column's run, after the past.
Run tonight(const std::vector<Row>& rows, const std::string& versions = "");

}  // namespace relapse::testing
