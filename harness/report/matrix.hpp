#pragma once
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "model/run.hpp"

/// The matrix of scenarios and targets, laid out so that a library of hundreds of scenarios stays
/// readable: a folder with many of them is one line that can be opened.
namespace relapse::matrix {

/// A target; on its own for each plane only when a scenario was replayed on both.
struct Column {
  std::string target{};
  std::string label{};  ///< with "[asgi]" when all of its results are of that plane
  bool planes_apart = false;
  Plane plane = Plane::wire;
};

/// A cell of a folder: how many of its scenarios had which status.
struct Summary {
  std::string text{};  ///< "96 hold, 2 relapsed"; empty: none in this run
  const ScenarioResult* worst = nullptr;
};

/// The scenarios of a folder whose ids all end in KEY.KIND, "headers.missing", as a table of keys
/// and kinds.
struct Grid {
  std::vector<std::string> keys{};
  std::vector<std::string> kinds{};
  std::map<std::pair<std::string, std::string>, std::string> scenarios{};  ///< by key and kind
};

struct Line {
  std::string name{};                    ///< a scenario, or a folder
  std::vector<std::string> scenarios{};  ///< of a folder, worst first; empty: a scenario
  Grid grid{};                           ///< empty when the ids have not that form
  bool is_folder() const { return !scenarios.empty(); }
};

/// Scenarios of one folder beyond which it becomes one line.
inline constexpr std::size_t most_of_folder = 12;

class Matrix {
 public:
  explicit Matrix(const Run& run);

  const std::vector<Column>& columns() const { return columns_; }
  /// Worst first; a folder stands where the worst of its scenarios would.
  const std::vector<Line>& lines() const { return lines_; }
  std::size_t scenarios() const { return scenarios_; }
  /// nullptr: not in this run.
  const ScenarioResult* at(const std::string& scenario, const Column& column) const;
  Summary summary(const Line& folder, const Column& column) const;

 private:
  void add_columns(const Run& run);
  void add_lines(const Run& run);

  std::vector<Column> columns_{};
  std::vector<Line> lines_{};
  std::size_t scenarios_ = 0;
  /// By scenario, target and plane; the last is Plane::wire when planes are not apart.
  std::map<std::pair<std::string, std::pair<std::string, Plane>>, const ScenarioResult*> cells_{};
};

}  // namespace relapse::matrix
