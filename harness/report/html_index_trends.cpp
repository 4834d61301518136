#include <algorithm>
#include <map>

#include "report/html_chart.hpp"
#include "report/html_parts.hpp"
#include "report/view_changes.hpp"

namespace relapse::html {

namespace {

constexpr long width = 640;
constexpr long left = 46;
constexpr long pitch = 19;
constexpr long above = 50;
constexpr long below = 40;
constexpr long axis = 20 + above;

/// The nights before and this run, oldest first.
std::vector<RunSummary> all_nights(const Pages& pages) {
  std::vector<RunSummary> nights = pages.comparison().nights;
  RunSummary tonight{.id = pages.run().id, .started = pages.run().started};
  tonight.totals = totals(pages.run());
  for (const TargetInfo& target : pages.run().targets)
    tonight.versions[target.id] = target.version;
  nights.push_back(std::move(tonight));
  return nights;
}

int failing(const RunSummary& night) {
  return night.totals.relapsed + night.totals.known;
}

long scaled(int value, int most, long room) {
  if (value == 0 || most == 0)
    return 0;
  return std::max<long>(2, room * value / most);
}

std::string described(const std::vector<RunSummary>& nights) {
  const Totals& now = nights.back().totals;
  int least = now.holds, greatest = 0, nights_failing = 0;
  for (const RunSummary& night : nights) {
    least = std::min(least, night.totals.holds);
    greatest = std::max(greatest, failing(night));
    nights_failing += failing(night) > 0 ? 1 : 0;
  }
  return "This night " + std::to_string(now.holds) + " hold and " +
         std::to_string(failing(nights.back())) + " fail; over " + std::to_string(nights.size()) +
         " nights at least " + std::to_string(least) + " held, at most " +
         std::to_string(greatest) + " failed, and on " + std::to_string(nights_failing) +
         " nights something failed. A line marked v: another version of a target.";
}

void mark_versions(Chart& chart, const std::vector<RunSummary>& nights) {
  const std::map<std::string, std::string>* last = nullptr;
  for (std::size_t i = 0; i < nights.size(); ++i) {
    if (last != nullptr && *last != nights[i].versions && !nights[i].versions.empty()) {
      const long x = left + static_cast<long>(i) * pitch - 3;
      chart.rule(x, 14, x, axis + below, "axis");
      chart.label(x, 11, "v", Chart::Anchor::middle);
    }
    if (!nights[i].versions.empty())
      last = &nights[i].versions;
  }
}

void fill_results_chart(Fields& page, const std::vector<RunSummary>& nights) {
  int most_held = 0, most_failing = 0;
  for (const RunSummary& night : nights) {
    most_held = std::max(most_held, night.totals.holds);
    most_failing = std::max(most_failing, failing(night));
  }
  Chart chart(page, {"nights", "Results of each night", described(nights)}, width, 134);
  const long right = left + pitch * static_cast<long>(nights.size());
  chart.rule(left - 4, axis, right, axis);
  chart.label(0, axis - 20, "hold");
  chart.label(0, axis + 20, "fail");
  mark_versions(chart, nights);
  for (std::size_t i = 0; i < nights.size(); ++i) {
    const long x = left + static_cast<long>(i) * pitch;
    const Totals& counts = nights[i].totals;
    const long up = scaled(counts.holds, most_held, above);
    const long down = scaled(counts.relapsed, most_failing, below);
    const long known = scaled(counts.known, most_failing, below);
    if (up > 0)
      chart.bar({x, axis - up, 12, up}, "holds");
    if (down > 0)
      chart.bar({x, axis, 12, down}, "relapsed");
    if (known > 0)
      chart.hollow({x, axis + down, 12, known}, "known");
  }
  chart.label(left, 130, view::day(nights.front().started));
  chart.label(right, 130, view::day(nights.back().started), Chart::Anchor::end);
  chart.table("Every night in numbers",
              {"Night", "#Ran", "#Hold", "#Relapsed", "#Known", "#Flaky", "#Inconclusive", "Run"});
  for (const RunSummary& night : nights) {
    const Totals& t = night.totals;
    chart.row({view::readable_time(night.started), std::to_string(t.ran), std::to_string(t.holds),
               std::to_string(t.relapsed), std::to_string(t.known), std::to_string(t.flaky),
               std::to_string(t.inconclusive), night.id});
  }
}

void fill_flakes_chart(Fields& page, const std::vector<RunSummary>& nights) {
  int most = 0, sum = 0;
  for (const RunSummary& night : nights) {
    most = std::max(most, night.totals.flaky);
    sum += night.totals.flaky;
  }
  if (most == 0)
    return;
  Chart chart(page,
              {"flakes", "Flaky results of each night",
               std::to_string(nights.back().totals.flaky) + " flaky this night, " +
                   std::to_string(sum) + " in " + std::to_string(nights.size()) + " nights."},
              width, 46);
  chart.rule(left - 4, 40, left + pitch * static_cast<long>(nights.size()), 40);
  chart.label(0, 30, "flaky");
  for (std::size_t i = 0; i < nights.size(); ++i) {
    const long up = scaled(nights[i].totals.flaky, most, 30);
    if (up > 0)
      chart.bar({left + static_cast<long>(i) * pitch, 40 - up, 12, up}, "flaky");
  }
}

void fill_spark(Fields row, const std::string& family, const std::vector<Duration>& p95s) {
  const Duration most = *std::ranges::max_element(p95s);
  if (p95s.size() < 2 || most.count() == 0)
    return;
  std::vector<std::pair<long, long>> points;
  for (std::size_t i = 0; i < p95s.size(); ++i)
    points.emplace_back(2 + static_cast<long>(i) * 4,
                        20 - static_cast<long>(18.0 * static_cast<double>(p95s[i].count()) /
                                               static_cast<double>(most.count())));
  Fields spark = row.section("SPARK");
  spark.text("POINTS", points_text(points), 2000);
  spark.text("LABEL",
             "p95 of " + family + " over " + std::to_string(p95s.size()) +
                 " nights: " + human_duration(p95s.front()) + " first, " +
                 human_duration(p95s.back()) + " last, " + human_duration(most) + " at most",
             300);
}

void fill_families_table(Fields& page, const Pages& pages, std::size_t most_families) {
  std::map<std::string, std::vector<Duration>> p95s;
  std::map<std::string, const FamilyNight*> tonight;
  for (const FamilyNight& night : pages.comparison().families) {
    p95s[night.family].push_back(night.p95);
    if (night.run == pages.run().id)
      tonight[night.family] = &night;
  }
  std::vector<const FamilyNight*> slowest;
  for (const auto& [family, night] : tonight)
    slowest.push_back(night);
  std::ranges::stable_sort(slowest, std::greater<>(), [](const FamilyNight* n) { return n->p95; });
  slowest.resize(std::min(slowest.size(), most_families));
  if (slowest.empty())
    return;
  Fields section = page.section("DURATIONS");
  for (const FamilyNight* night : slowest) {
    const auto& all = p95s[night->family];
    Fields row = section.section("FAMILY");
    row.text("NAME", night->family.empty() ? "scenarios" : night->family, 120);
    row.text("P50", human_duration(night->p50));
    row.text("P95", human_duration(night->p95));
    row.text("RANGE", human_duration(*std::ranges::min_element(all)) + " to " +
                          human_duration(*std::ranges::max_element(all)));
    fill_spark(row, night->family, all);
  }
}

}  // namespace

void fill_trends(Fields& page, const Pages& pages, std::size_t most_families) {
  const auto nights = all_nights(pages);
  if (nights.size() < 2) {
    page.text("TRENDS_HEADING", "Trends");
    page.section("TRENDS_NONE")
        .text("TEXT",
              "One night is no trend: no earlier run is stored, so there is nothing to draw.");
    return;
  }
  page.text("TRENDS_HEADING", std::to_string(nights.size()) + " nights");
  fill_results_chart(page, nights);
  fill_flakes_chart(page, nights);
  fill_families_table(page, pages, most_families);
}

}  // namespace relapse::html
