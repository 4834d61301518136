#include "report/html_chart.hpp"

namespace relapse::html {

std::string points_text(const std::vector<std::pair<long, long>>& points) {
  std::string text;
  for (const auto& [x, y] : points)
    text += (text.empty() ? "" : " ") + std::to_string(x) + "," + std::to_string(y);
  return text;
}

Chart::Chart(Fields page, const Words& words, long width, long height)
    : chart_(page.section("CHART")), table_(chart_) {
  chart_.text("ID", words.id);
  chart_.text("TITLE", words.title);
  chart_.text("DESC", words.description);
  chart_.number("WIDTH", width);
  chart_.number("HEIGHT", height);
}

Fields Chart::mark(const char* kind, const std::string& css_class) {
  Fields one = chart_.section("MARK").section(kind);
  one.text("CLASS", css_class);
  return one;
}

namespace {

void fill_box(Fields fields, const Chart::Box& box) {
  fields.number("X", box.x);
  fields.number("Y", box.y);
  fields.number("W", box.width);
  fields.number("H", box.height);
}

}  // namespace

void Chart::bar(const Box& box, const std::string& css_class) {
  fill_box(mark("BAR", css_class), box);
}

void Chart::hollow(const Box& box, const std::string& css_class) {
  fill_box(mark("HOLLOW", css_class), box);
}

void Chart::rule(long x1, long y1, long x2, long y2, const std::string& css_class) {
  Fields one = mark("RULE", css_class);
  one.number("X", x1);
  one.number("Y", y1);
  one.number("X2", x2);
  one.number("Y2", y2);
}

void Chart::line(const std::vector<std::pair<long, long>>& points, const std::string& css_class) {
  if (points.size() > 1)
    mark("LINE", css_class).text("POINTS", points_text(points), 20'000);
}

void Chart::label(long x, long y, const std::string& text, Anchor anchor,
                  const std::string& css_class) {
  Fields one = mark("LABEL", css_class);
  one.number("X", x);
  one.number("Y", y);
  one.text("ANCHOR", anchor == Anchor::start ? "start" : anchor == Anchor::end ? "end" : "middle");
  one.text("TEXT", text, 200);
}

void Chart::table(const std::string& summary, const std::vector<std::string>& columns) {
  table_ = chart_.section("TABLE");
  table_.text("SUMMARY", summary);
  for (const std::string& column : columns) {
    const bool number = column.starts_with("#");
    numbers_.push_back(number);
    Fields head = table_.section("HEAD");
    head.text("TEXT", number ? column.substr(1) : column);
    if (number)
      head.section("NUMBER");
  }
}

void Chart::row(const std::vector<std::string>& cells) {
  Fields row = table_.section("ROW");
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const bool number = i < numbers_.size() && numbers_[i];
    row.section("CELL").section(number ? "NUMBER" : "TEXTUAL").text("TEXT", cells[i], 200);
  }
}

}  // namespace relapse::html
