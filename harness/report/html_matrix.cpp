#include <algorithm>

#include "report/assets.hpp"
#include "report/html_parts.hpp"
#include "report/matrix.hpp"

namespace relapse {

namespace {

using html::Fields;
using matrix::Column;
using matrix::Family;
using matrix::Matrix;

constexpr std::size_t most_rows = 500;
/// What a row and a cell weigh on a page, so that it stays below html::most_list.
constexpr std::size_t row_weight = 90;
constexpr std::size_t cell_weight = 110;
constexpr std::size_t page_weight = std::size_t{170} * 1024;

/// Some scenarios of one family on one page.
struct Slice {
  const Family* family = nullptr;
  std::size_t first = 0;
  std::size_t count = 0;
};
using PageOfSlices = std::vector<Slice>;

std::size_t weight_of(const std::string& scenario, std::size_t columns) {
  return row_weight + std::min<std::size_t>(scenario.size(), 200) + columns * cell_weight;
}

/// A page ends when it is full; a family goes on at the next one.
std::vector<PageOfSlices> slices(const Matrix& matrix) {
  std::vector<PageOfSlices> pages(1);
  std::size_t rows = 0;
  std::size_t weight = 0;
  for (const Family& family : matrix.families()) {
    bool open = false;
    weight += 600 + matrix.columns().size() * 60;
    for (std::size_t i = 0; i < family.scenarios.size(); ++i) {
      const std::size_t more = weight_of(family.scenarios[i], matrix.columns().size());
      if (rows > 0 && (rows == most_rows || weight + more > page_weight)) {
        pages.emplace_back();
        rows = 0;
        weight = 1000;
        open = false;
      }
      if (!open)
        pages.back().push_back({.family = &family, .first = i});
      open = true;
      ++pages.back().back().count;
      ++rows;
      weight += more;
    }
  }
  return pages;
}

std::string page_name(std::size_t number) {
  return "matrix-" + std::string(number < 10 ? "0" : "") + std::to_string(number);
}

bool is_failing(const ScenarioResult* result) {
  return result != nullptr && result->outcome != Outcome::holds &&
         result->outcome != Outcome::skipped;
}

std::string class_of(bool failing, bool changed) {
  return std::string(failing ? "failing" : "") + (failing && changed ? " " : "") +
         (changed ? "changed" : "");
}

void fill_row(Fields row, const Pages& pages, const Matrix& matrix, const std::string& scenario) {
  row.text("SCENARIO", scenario.substr(scenario.rfind('/') + 1), 200);
  bool failing = false;
  bool changed = false;
  for (const Column& column : matrix.columns()) {
    const ScenarioResult* result = matrix.at(scenario, column);
    Fields cell = row.section("CELL");
    failing = failing || is_failing(result);
    changed = changed || (result != nullptr && pages.changed(*result));
    if (result == nullptr) {
      cell.text("TONE", "skipped");
      cell.section("PLAIN").text("STATUS", "○ Not run");
      continue;
    }
    cell.text("TONE", html::tone(*result));
    Fields text = cell.either(pages.has_page(*result), "LINKED", "PLAIN");
    text.text("SLUG", view::slug(*result));
    text.text("STATUS", view::status(*result));
  }
  if (failing || changed)
    row.section("CLASSED").text("CLASS", class_of(failing, changed));
}

void fill_slice(Fields family, const Pages& pages, const Matrix& matrix, const Slice& slice) {
  const std::size_t all = slice.family->scenarios.size();
  family.text("NAME", slice.family->name);
  family.text("ANCHOR", view::anchor(slice.family->name));
  if (slice.first > 0)
    family.section("CONTINUED");
  family.text("CAPTION", "Scenarios " + std::to_string(slice.first + 1) + " to " +
                             std::to_string(slice.first + slice.count) + " of " +
                             std::to_string(all) + ", the worst first");
  for (const Column& column : matrix.columns())
    family.section("COLUMN").text("NAME", column.label, 80);
  for (std::size_t i = slice.first; i < slice.first + slice.count; ++i)
    fill_row(family.section("ROW"), pages, matrix, slice.family->scenarios[i]);
}

}  // namespace

std::size_t matrix_count(const Pages& pages) {
  return slices(Matrix(pages.run())).size();
}

ListPage matrix_page(const Pages& pages, std::size_t number) {
  static const html::Template parsed(assets::matrix_template());
  const Matrix matrix(pages.run());
  const auto all = slices(matrix);
  const html::Document document(parsed);
  Fields page = document.root();
  page.text("COUNTS", view::counts_text(pages.run()));
  Fields several = all.size() > 1 ? page.section("SEVERAL") : page;
  for (std::size_t i = 1; i <= all.size(); ++i) {
    Fields link = several.section("PAGE");
    link.text("NAME", page_name(i));
    link.number("NUMBER", static_cast<long>(i));
    if (i == number)
      link.section("CURRENT");
  }
  for (const Slice& slice : all[number - 1])
    fill_slice(page.section("FAMILY"), pages, matrix, slice);
  html::Frame frame{.at = html::Frame::At::results, .below = true, .here = "Scenarios by target"};
  frame.title = headline(pages.run()) + " – scenarios by target, page " + std::to_string(number);
  return {page_name(number), html::framed(pages, frame, document.expand())};
}

namespace html {

void fill_families(Fields& page, const Pages& pages, std::size_t most_cells) {
  if (pages.run().results.empty())
    return;
  const Matrix matrix(pages.run());
  std::map<const Family*, std::string> page_of;
  const auto all = slices(matrix);
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (const Slice& slice : all[i])
      page_of.try_emplace(slice.family, page_name(i + 1));
  }
  Fields section = page.section("MATRIX");
  for (const Column& one : matrix.columns()) {
    Fields column = section.section("COLUMN");
    column.text("NAME", one.label, 60);
    const TargetInfo* info = view::find_target(pages.run(), one.target);
    column.optional("VERSION", info == nullptr ? "" : info->version, 60);
  }
  std::map<std::string, bool> changed;
  for (const ScenarioResult& result : pages.run().results) {
    if (pages.changed(result))
      changed[view::family(result.scenario)] = true;
  }
  const std::size_t rows = std::max<std::size_t>(1, most_cells / matrix.columns().size());
  std::size_t shown = 0;
  for (const Family& family : matrix.families()) {
    if (shown++ == rows)
      break;
    Fields row = section.section("ROW");
    row.text("FAMILY", family.name, 120);
    bool failing = false;
    for (const Column& column : matrix.columns()) {
      const matrix::Summary summary = matrix.summary(family, column);
      Fields cell = row.section("CELL");
      failing = failing || is_failing(summary.worst);
      cell.text("TONE", summary.worst == nullptr ? "skipped" : tone(*summary.worst));
      Fields text = cell.either(summary.worst != nullptr, "LINKED", "PLAIN");
      text.text("PAGE", page_of[&family]);
      text.text("ANCHOR", view::anchor(family.name));
      text.text("TEXT", summary.worst == nullptr ? "○ Not run" : summary.text);
    }
    row.text("CLASS", "family " + class_of(failing, changed[family.name]));
  }
  if (matrix.families().size() > rows)
    section.section("CLIPPED").number("COUNT", static_cast<long>(matrix.families().size() - rows));
}

}  // namespace html

}  // namespace relapse
