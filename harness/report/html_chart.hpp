#pragma once
#include <string>
#include <utility>
#include <vector>

#include "report/fields_html.hpp"

namespace relapse::html {

/// A drawing with a title, a sentence that says the same in words, and a table with the numbers.
/// Geometry is whole numbers only, so that nothing of a target's can get into it.
class Chart {
 public:
  struct Words {
    std::string id{};
    std::string title{};
    std::string description{};
  };
  Chart(Fields page, const Words& words, long width, long height);

  struct Box {
    long x = 0, y = 0, width = 0, height = 0;
  };
  void bar(const Box& box, const std::string& css_class);
  void hollow(const Box& box, const std::string& css_class);
  void rule(long x1, long y1, long x2, long y2, const std::string& css_class = "axis");
  void line(const std::vector<std::pair<long, long>>& points, const std::string& css_class);
  enum class Anchor { start, middle, end };
  void label(long x, long y, const std::string& text, Anchor anchor = Anchor::start,
             const std::string& css_class = "chart-text");

  /// A column whose name begins with "#" holds numbers.
  void table(const std::string& summary, const std::vector<std::string>& columns);
  void row(const std::vector<std::string>& cells);

 private:
  Fields mark(const char* kind, const std::string& css_class);

  Fields chart_;
  Fields table_;
  std::vector<bool> numbers_{};
};

std::string points_text(const std::vector<std::pair<long, long>>& points);

}  // namespace relapse::html
