#include <algorithm>
#include <map>

#include "report/assets.hpp"
#include "report/html_chart.hpp"
#include "report/html_parts.hpp"
#include "report/view_changes.hpp"

namespace relapse {

namespace {

using html::Chart;
using html::Fields;

constexpr std::size_t most_incidents = 150;
constexpr std::size_t most_families = 40;
constexpr std::size_t most_weeks = 13;
constexpr std::size_t most_retired = 100;

std::string plural(std::size_t count, const std::string& word) {
  return std::to_string(count) + " " + word + (count == 1 ? "" : "s");
}

void fill_answer(Fields& page, const Pages& pages) {
  const auto& incidents = pages.comparison().incidents;
  std::size_t broken = 0, guarded = 0;
  for (const IncidentHistory& one : incidents) {
    broken += one.broken_now ? 1U : 0U;
    guarded += one.scenarios.empty() ? 0U : 1U;
  }
  const int code = exit_code(pages.run());
  const bool unsure = broken == 0 && code != 0;
  page.text("TONE", broken > 0 ? "bad" : unsure ? "warn" : "ok");
  page.text("ANSWER",
            broken > 0 ? "No: " + plural(broken, "fix") + (broken == 1 ? "" : "es") + " broken now"
            : unsure   ? "This night does not tell"
                       : "Yes");
  page.text("SENTENCE", plural(guarded, "incident") + " guarded by scenarios, " +
                            std::to_string(broken) + " broken in this run of " +
                            view::readable_time(pages.run().started) + "; " +
                            plural(pages.comparison().nights.size() + 1, "night") +
                            " looked at. Verdict: " + headline(pages.run()) + ".");
  if (incidents.empty() && pages.comparison().weeks.empty())
    page.section("NOTHING").text("TEXT", "No earlier run is stored: there is no history to show.");
}

std::string break_text(const IncidentHistory& one) {
  if (one.last_break.empty())
    return "never";
  return one.last_break + ", for " +
         plural(static_cast<std::size_t>(std::max(one.last_break_nights, 0)), "night");
}

void fill_incidents(Fields& page, const Pages& pages) {
  std::vector<const IncidentHistory*> sorted;
  for (const IncidentHistory& one : pages.comparison().incidents)
    sorted.push_back(&one);
  if (sorted.empty())
    return;
  std::ranges::stable_sort(sorted, {}, [](const IncidentHistory* one) {
    return std::pair(one->broken_now ? 0 : one->scenarios.empty() ? 2 : 1, one->last_break.empty());
  });
  Fields section = page.section("INCIDENTS");
  for (std::size_t i = 0; i < std::min(sorted.size(), most_incidents); ++i) {
    const IncidentHistory& one = *sorted[i];
    Fields row = section.section("INCIDENT");
    row.text("REF", one.ref, 120);
    row.optional("STORY", one.incident.story, 240);
    row.text("TONE", one.broken_now ? "relapsed" : one.scenarios.empty() ? "skipped" : "holds");
    row.text("NOW", one.broken_now          ? "✗ Broken"
                    : one.scenarios.empty() ? "○ Not guarded"
                                            : "✓ Holds");
    row.text("FIX", one.incident.fix.empty() ? "–" : one.incident.fix, 160);
    row.text("FIRST", one.first_guarded.empty() ? "–" : one.first_guarded, 40);
    row.text("HELD", std::to_string(one.nights_held) + " of " + std::to_string(one.nights_run));
    row.text("BREAK", break_text(one), 80);
    row.text("GUARDED",
             one.scenarios.empty() ? "nothing now" : plural(one.scenarios.size(), "scenario"));
  }
  if (sorted.size() > most_incidents)
    section.section("REST").number("COUNT", static_cast<long>(sorted.size() - most_incidents));
}

void fill_weeks(Fields& page, const Pages& pages) {
  std::vector<std::string> weeks;
  std::map<std::string, std::map<std::string, const FamilyWeek*>> families;
  std::map<std::string, int> failures;
  for (const FamilyWeek& one : pages.comparison().weeks) {
    if (std::ranges::find(weeks, one.week) == weeks.end())
      weeks.push_back(one.week);
    families[one.family][one.week] = &one;
    failures[one.family] += one.failing;
  }
  if (weeks.empty())
    return;
  if (weeks.size() > most_weeks)
    weeks.erase(weeks.begin(), weeks.end() - most_weeks);
  Fields section = page.section("WEEKS");
  for (const std::string& week : weeks)
    section.section("WEEK").text("NAME", week.size() == 10 ? week.substr(5) : week, 20);
  std::vector<std::string> order;
  for (const auto& [family, cells] : families)
    order.push_back(family);
  std::ranges::stable_sort(order, std::greater<>(),
                           [&failures](const std::string& family) { return failures[family]; });
  for (std::size_t i = 0; i < std::min(order.size(), most_families); ++i) {
    Fields row = section.section("FAMILY");
    row.text("NAME", order[i].empty() ? "scenarios" : order[i], 120);
    for (const std::string& week : weeks) {
      Fields cell = row.section("CELL");
      const auto found = families[order[i]].find(week);
      if (found == families[order[i]].end() || found->second->holds + found->second->failing == 0) {
        cell.text("TONE", "skipped");
        cell.text("TEXT", "○");
        continue;
      }
      const FamilyWeek& one = *found->second;
      const int all = one.holds + one.failing;
      cell.text("TONE", one.failing > 0 ? "relapsed" : "holds");
      cell.text("TEXT", one.failing > 0
                            ? "✗ " + std::to_string(std::min(99, one.holds * 100 / all)) + " %"
                            : "✓ 100 %");
    }
  }
  if (order.size() > most_families)
    section.section("REST").number("COUNT", static_cast<long>(order.size() - most_families));
}

void fill_library(Fields& page, const Pages& pages) {
  const auto& library = pages.comparison().library;
  if (library.size() < 2)
    return;
  page.section("LIBRARY");
  int most = 1;
  for (const auto& [date, count] : library)
    most = std::max(most, count);
  Chart chart(
      page,
      {"library", "Number of scenarios over time",
       std::to_string(library.front().second) + " on " + view::day(library.front().first) + ", " +
           std::to_string(library.back().second) + " on " + view::day(library.back().first) + "."},
      640, 96);
  const long step = std::max<long>(2, 560 / static_cast<long>(library.size()));
  std::vector<std::pair<long, long>> points;
  for (std::size_t i = 0; i < library.size(); ++i)
    points.emplace_back(50 + static_cast<long>(i) * step, 76 - 66L * library[i].second / most);
  chart.rule(46, 76, 50 + step * static_cast<long>(library.size() - 1), 76);
  chart.label(42, 16, std::to_string(most), Chart::Anchor::end);
  chart.label(42, 80, "0", Chart::Anchor::end);
  chart.line(points, "d-row");
  chart.label(50, 92, view::day(library.front().first));
  chart.label(points.back().first, 92, view::day(library.back().first), Chart::Anchor::end);
  chart.table("Every week", {"Week", "#Scenarios"});
  for (const auto& [date, count] : library)
    chart.row({view::day(date), std::to_string(count)});
}

void fill_retired(Fields& page, const Pages& pages) {
  const auto& retired = pages.comparison().retired;
  if (retired.empty())
    return;
  Fields section = page.section("RETIRED");
  section.number("COUNT", static_cast<long>(retired.size()));
  for (std::size_t i = 0; i < std::min(retired.size(), most_retired); ++i) {
    Fields item = section.section("ITEM");
    item.text("NAME", retired[i].scenario, 160);
    item.text("REASON", retired[i].reason, 200);
    item.text("DATE", view::day(retired[i].last_run));
  }
  if (retired.size() > most_retired)
    section.section("REST").number("COUNT", static_cast<long>(retired.size() - most_retired));
}

}  // namespace

std::string history_html(const Pages& pages) {
  static const html::Template parsed(assets::history_template());
  const html::Document document(parsed);
  Fields page = document.root();
  page.text("P", "");
  fill_answer(page, pages);
  fill_incidents(page, pages);
  fill_weeks(page, pages);
  fill_library(page, pages);
  fill_retired(page, pages);
  html::Frame frame{.at = html::Frame::At::history};
  frame.title = headline(pages.run()) + " – history of the fixes";
  return html::framed(pages, frame, document.expand());
}

}  // namespace relapse
