#pragma once
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "model/run.hpp"

/// The matrix of scenarios and targets, by family, so that a library of thousands of scenarios
/// stays readable.
namespace relapse::matrix {

/// A target; on its own for each plane only when a scenario was replayed on both.
struct Column {
  std::string target{};
  std::string label{};  ///< with "[asgi]" when all of its results are of that plane
  bool planes_apart = false;
  Plane plane = Plane::wire;
};

/// A cell of a family: how its scenarios went.
struct Summary {
  std::string text{};  ///< "✗ 2 relapsed of 98", "✓ 98 hold"; empty: none in this run
  const ScenarioResult* worst = nullptr;
};

/// The scenarios of one folder, the worst first.
struct Family {
  std::string name{};
  std::vector<std::string> scenarios{};
};

class Matrix {
 public:
  explicit Matrix(const Run& run);

  const std::vector<Column>& columns() const { return columns_; }
  /// A family stands where the worst of its scenarios would.
  const std::vector<Family>& families() const { return families_; }
  /// nullptr: not in this run.
  const ScenarioResult* at(const std::string& scenario, const Column& column) const;
  Summary summary(const Family& family, const Column& column) const;

 private:
  void add_columns(const Run& run);
  void add_families(const Run& run);

  std::vector<Column> columns_{};
  std::vector<Family> families_{};
  /// By scenario, target and plane; the last is Plane::wire when planes are not apart.
  std::map<std::pair<std::string, std::pair<std::string, Plane>>, const ScenarioResult*> cells_{};
};

}  // namespace relapse::matrix
