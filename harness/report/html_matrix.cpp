#include <algorithm>
#include <set>

#include "report/html.hpp"
#include "report/html_parts.hpp"
#include "report/matrix.hpp"

namespace relapse::html {

namespace {

using matrix::Column;
using matrix::Line;
using matrix::Matrix;

constexpr std::size_t most_rows = 500;
constexpr std::size_t most_cells = 2000;
/// A folder's own line is there when there is no room for what is in it.
constexpr std::size_t most_folders = 100;

/// Fills the matrix, and counts what it has room for.
class MatrixWriter {
 public:
  MatrixWriter(const Run& run, const Matrix& matrix) : matrix_(matrix) {
    const auto pages = results_with_page(run);
    paged_.insert(pages.begin(), pages.end());
    room_ = std::clamp<std::size_t>(most_cells / matrix.columns().size(), 20, most_rows);
  }

  /// Answers how many scenarios were left out.
  std::size_t write(Fields& section) {
    for (const Line& line : matrix_.lines()) {
      if (line.is_folder() && ++folders_ <= most_folders)
        folder(section.section("LINE").section("FOLDER"), line);
      else if (!line.is_folder() && room_ > 0)
        scenario(section.section("LINE").section("ROW"), line.name);
    }
    return matrix_.scenarios() - shown_;
  }

 private:
  void take(std::size_t count) {
    room_ -= count;
    shown_ += count;
  }

  void scenario(Fields row, const std::string& name) {
    take(1);
    row.text("SCENARIO", name);
    for (const Column& column : matrix_.columns())
      full_cell(row.section("CELL"), matrix_.at(name, column));
  }

  void full_cell(Fields cell, const ScenarioResult* result) const {
    if (result == nullptr) {
      cell.text("TONE", "skipped");
      cell.section("PLAIN").text("STATUS", "○ Not in this run");
      return;
    }
    cell.text("TONE", tone(*result));
    if (paged_.contains(result)) {
      Fields linked = cell.section("LINKED");
      linked.text("SLUG", view::slug(*result));
      linked.text("STATUS", view::status(*result));
    } else {
      cell.section("PLAIN").text("STATUS", view::status(*result));
    }
  }

  void folder(Fields fields, const Line& line) {
    fields.text("FOLDER_NAME", line.name);
    fields.number("COUNT", static_cast<long>(line.scenarios.size()));
    for (const Column& column : matrix_.columns()) {
      const matrix::Summary summary = matrix_.summary(line, column);
      Fields cell = fields.section("SUMMARY");
      cell.text("TONE", summary.worst == nullptr ? "skipped" : tone(*summary.worst));
      cell.text("TEXT", summary.text.empty() ? "○ Not in this run" : summary.text);
    }
    const std::size_t fitting = std::min(room_, line.scenarios.size());
    const std::vector<std::string> shown(
        line.scenarios.begin(), line.scenarios.begin() + static_cast<std::ptrdiff_t>(fitting));
    take(fitting);
    if (fitting == 0)
      return;
    Fields inside = fields.section("INSIDE");
    inside.text("FOLDER_NAME", line.name);
    inside.number("COLUMNS", static_cast<long>(matrix_.columns().size()) + 1);
    if (line.grid.keys.empty())
      list(inside, shown);
    else
      grids(inside, line.grid, shown);
  }

  /// Every scenario of a folder by target.
  void list(Fields& fields, const std::vector<std::string>& shown) {
    Fields table = fields.section("GRID");
    table.text("CAPTION", "Scenario by target");
    table.text("CORNER", "Scenario");
    for (const Column& column : matrix_.columns())
      table.section("KIND").text("NAME", column.label);
    for (const std::string& scenario : shown) {
      Fields row = table.section("KEY");
      row.text("NAME", scenario.substr(scenario.rfind('/') + 1));
      for (const Column& column : matrix_.columns())
        small_cell(row.section("SMALL"), matrix_.at(scenario, column));
    }
  }

  /// One table of keys and kinds for every target.
  void grids(Fields& fields, const matrix::Grid& grid, const std::vector<std::string>& shown) {
    const std::set<std::string> fitting(shown.begin(), shown.end());
    for (const Column& column : matrix_.columns()) {
      Fields table = fields.section("GRID");
      table.text("CAPTION", column.label);
      table.text("CORNER", "Key");
      for (const std::string& kind : grid.kinds)
        table.section("KIND").text("NAME", kind);
      for (const std::string& key : grid.keys) {
        Fields row = table.section("KEY");
        row.text("NAME", key);
        for (const std::string& kind : grid.kinds) {
          const auto found = grid.scenarios.find({key, kind});
          Fields cell = row.section("SMALL");
          if (found == grid.scenarios.end())
            cell.section("NONE");
          else if (!fitting.contains(found->second))
            glyph(cell.section("PLAIN"), "⋯ Left out", "muted");
          else
            small_cell(cell, matrix_.at(found->second, column));
        }
      }
    }
  }

  void small_cell(Fields cell, const ScenarioResult* result) const {
    if (result == nullptr) {
      glyph(cell.section("PLAIN"), "○ Not in this run", "skipped");
    } else if (paged_.contains(result)) {
      Fields linked = cell.section("LINKED");
      linked.text("SLUG", view::slug(*result));
      glyph(linked, view::status(*result), tone(*result));
    } else {
      glyph(cell.section("PLAIN"), view::status(*result), tone(*result));
    }
  }

  /// "✓ Holds": the sign is seen, the word is read out.
  static void glyph(Fields cell, const std::string& status, const std::string& css_class) {
    const std::size_t blank = status.find(' ');
    cell.text("TONE", css_class);
    cell.text("SIGN", status.substr(0, blank));
    cell.text("WORD", status.substr(blank + 1));
  }

  const Matrix& matrix_;
  std::set<const ScenarioResult*> paged_{};
  std::size_t room_ = 0;
  std::size_t shown_ = 0;
  std::size_t folders_ = 0;
};

}  // namespace

void fill_matrix(Fields& page, const Run& run) {
  if (run.results.empty())
    return;
  const Matrix matrix(run);
  page.section("NAV_MATRIX");
  Fields section = page.section("MATRIX");
  for (const Column& one : matrix.columns()) {
    Fields column = section.section("COLUMN");
    column.text("NAME", one.label);
    const TargetInfo* info = view::find_target(run, one.target);
    column.optional("VERSION", info == nullptr ? "" : info->version);
  }
  const std::size_t left_out = MatrixWriter(run, matrix).write(section);
  if (left_out > 0)
    section.section("CLIPPED").number("COUNT", static_cast<long>(left_out));
}

}  // namespace relapse::html
