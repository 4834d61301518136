#include <algorithm>

#include "report/html_chart.hpp"
#include "report/html_parts.hpp"
#include "report/view_changes.hpp"
#include "report/view_nights.hpp"

namespace relapse::html {

namespace {

using view::NightMark;

constexpr long width = 640;
constexpr long base = 40;
constexpr long pitch = 19;
constexpr long left = 40;
constexpr std::size_t most_bad_nights = 5;

/// Above the axis what held, below it what did not: the shape carries it, not the colour.
void draw_night(Chart& chart, long x, const NightMark& night) {
  if (!night.outcome) {
    chart.hollow({x, base - 10, 12, 10}, "skipped");
    return;
  }
  switch (*night.outcome) {
    case Outcome::holds:
      chart.bar({x, base - 22, 12, 22}, "holds");
      return;
    case Outcome::relapsed:
      chart.bar({x, base, 12, 22}, night.known ? "known" : "relapsed");
      if (night.known)
        chart.hollow({x, base - 6, 12, 6}, "known");
      return;
    case Outcome::flaky:
      chart.bar({x, base - 11, 12, 22}, "flaky");
      return;
    case Outcome::inconclusive:
      chart.hollow({x, base - 11, 12, 22}, "inconclusive");
      return;
    case Outcome::skipped:
      chart.hollow({x, base - 4, 12, 4}, "skipped");
      return;
  }
}

/// The version in words where it changes.
void draw_versions(Chart& chart, const std::vector<NightMark>& nights) {
  std::string last;
  long free_from = 0;
  for (std::size_t i = 0; i < nights.size(); ++i) {
    if (nights[i].version.empty() || nights[i].version == last)
      continue;
    last = nights[i].version;
    const long x = left + static_cast<long>(i) * pitch;
    chart.rule(x - 3, 12, x - 3, base + 24, "axis");
    const std::string text = last.size() > 24 ? last.substr(0, 24) : last;
    if (x >= free_from) {
      chart.label(x, 10, text, x > width - 180 ? Chart::Anchor::end : Chart::Anchor::start);
      free_from = x + 7 * static_cast<long>(text.size()) + 10;
    }
  }
}

void fill_strip(Fields& page, const std::vector<NightMark>& nights) {
  Chart chart(page, {"strip", "The last nights", view::nights_text(nights) + "."}, width, 82);
  chart.rule(left - 4, base, left + pitch * static_cast<long>(nights.size()), base);
  chart.label(0, base - 8, "held");
  chart.label(0, base + 18, "fail");
  draw_versions(chart, nights);
  for (std::size_t i = 0; i < nights.size(); ++i)
    draw_night(chart, left + static_cast<long>(i) * pitch, nights[i]);
  chart.label(left, 78, view::day(nights.front().started));
  chart.label(left + pitch * static_cast<long>(nights.size()), 78, view::day(nights.back().started),
              Chart::Anchor::end);
  chart.table("Every night", {"Night", "Verdict", "#Took", "Version of the target", "Run"});
  for (const NightMark& night : nights)
    chart.row({view::readable_time(night.started), view::word(night),
               night.outcome ? human_duration(night.duration) : "–", night.version, night.run});
}

void fill_durations(Fields& page, const std::vector<NightMark>& nights) {
  const auto p95 = view::percentile_95(nights);
  Duration most{};
  for (const NightMark& night : nights)
    most = std::max(most, night.judged() ? night.duration : Duration{});
  if (!p95 || most.count() == 0)
    return;
  Chart chart(page,
              {"took", "How long it took",
               "This night " + human_duration(nights.back().duration) + ", p95 of the nights " +
                   human_duration(*p95) + "."},
              width, 66);
  std::vector<std::pair<long, long>> points;
  const auto y_of = [most](Duration took) {
    return 50 - static_cast<long>(40.0 * static_cast<double>(took.count()) /
                                  static_cast<double>(most.count()));
  };
  for (std::size_t i = 0; i < nights.size(); ++i) {
    if (nights[i].judged())
      points.emplace_back(left + static_cast<long>(i) * pitch + 6, y_of(nights[i].duration));
  }
  chart.rule(left - 4, 50, left + pitch * static_cast<long>(nights.size()), 50);
  chart.rule(left - 4, y_of(*p95), left + pitch * static_cast<long>(nights.size()), y_of(*p95),
             "p95");
  chart.label(0, y_of(*p95) + 4, "p95");
  chart.line(points, "d-row");
  if (!points.empty())
    chart.bar({points.back().first - 3, points.back().second - 3, 6, 6}, "d-row");
}

}  // namespace

void fill_nights(Fields& page, const Pages& pages, const ScenarioResult& result) {
  const auto nights = view::nights(pages, result);
  if (nights.size() < 2) {
    page.section("NO_HISTORY").text("TEXT", "No earlier night of it is stored.");
    return;
  }
  fill_strip(page, nights);
  fill_durations(page, nights);
  std::vector<const NightMark*> bad;
  for (const NightMark& night : nights) {
    if (&night != &nights.back() && night.outcome &&
        (*night.outcome == Outcome::relapsed || *night.outcome == Outcome::flaky))
      bad.push_back(&night);
  }
  if (bad.empty())
    return;
  Fields section = page.section("BAD_NIGHTS");
  const std::size_t first = bad.size() > most_bad_nights ? bad.size() - most_bad_nights : 0;
  for (std::size_t i = bad.size(); i-- > first;) {
    Fields night = section.section("NIGHT");
    night.text("COMMAND",
               "relapse show " + bad[i]->run + " " + result.scenario + "@" + result.target, 600);
    night.text("TEXT", view::day(bad[i]->started) + ", " + view::word(*bad[i]));
  }
}

}  // namespace relapse::html
