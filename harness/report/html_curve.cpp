#include "model/conclude.hpp"
#include "report/html_parts.hpp"

namespace relapse::html {

namespace {

// Geometry of the drawing, in its own units; the template holds the same axes.
constexpr long left = 60;
constexpr long right = 620;
constexpr long top = 30;
constexpr long bottom = 120;
/// Beyond this the dots would touch: the line, and a mark where something did not hold, are enough.
constexpr std::size_t most_dots = 120;

long x_of(const view::CurvePoint& point, const std::vector<view::CurvePoint>& curve) {
  const auto span = (curve.back().at - curve.front().at).count();
  if (span == 0)
    return left;
  const double share =
      static_cast<double>((point.at - curve.front().at).count()) / static_cast<double>(span);
  return left + static_cast<long>(share * static_cast<double>(right - left) + 0.5);
}

long y_of(const view::CurvePoint& point) {
  if (point.judged() == 0)
    return bottom;
  return bottom - (bottom - top) * point.held / point.judged();
}

/// The line is broken where nothing could be judged.
void fill_lines(Fields& section, const std::vector<view::CurvePoint>& curve) {
  std::string points;
  const auto flush = [&] {
    if (!points.empty())
      section.section("LINE").text("POINTS", points, 20'000);
    points.clear();
  };
  for (const view::CurvePoint& point : curve) {
    if (point.judged() == 0) {
      flush();
      continue;
    }
    points += (points.empty() ? "" : " ") + std::to_string(x_of(point, curve)) + "," +
              std::to_string(y_of(point));
  }
  flush();
}

void fill_marks(Fields& section, const std::vector<view::CurvePoint>& curve) {
  for (const view::CurvePoint& point : curve) {
    if (point.outcome == Outcome::holds && curve.size() > most_dots)
      continue;
    Fields mark = section.section(point.outcome == Outcome::holds ? "DOT" : "MARK");
    mark.number("X", x_of(point, curve));
    mark.number("Y", y_of(point) + (point.outcome == Outcome::holds ? 0 : 5));
    if (point.outcome != Outcome::holds) {
      const std::string_view text = badge(point.outcome);
      mark.text("SIGN", text.substr(0, text.find(' ')));
      mark.text("CLASS", point.outcome == Outcome::relapsed ? "d-bad" : "d-row");
    }
  }
}

void fill_rows(Fields& section, const std::vector<view::CurvePoint>& curve) {
  for (const view::CurvePoint& point : curve) {
    Fields row = section.section("POINT");
    row.text("AT", point_text(point.at));
    row.text("TONE", tone(point.outcome));
    row.text("STATUS", badge(point.outcome));
    row.number("HELD", point.held);
    row.number("RELAPSED", point.relapsed);
    row.number("INCONCLUSIVE", point.inconclusive);
  }
}

}  // namespace

void fill_curve(Fields& page, const ScenarioResult& result) {
  const auto curve = view::curve(result);
  if (curve.empty())
    return;
  Fields section = page.section("CURVE");
  section.text("FROM", point_text(curve.front().at));
  section.text("TO", point_text(curve.back().at));
  section.text("SUMMARY", view::curve_summary(curve));
  fill_lines(section, curve);
  fill_marks(section, curve);
  fill_rows(section, curve);
}

}  // namespace relapse::html
