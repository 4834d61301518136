#include <algorithm>
#include <array>
#include <map>

#include "report/assets.hpp"
#include "report/html.hpp"
#include "report/html_parts.hpp"

namespace relapse {

namespace {

using html::Fields;
using view::Group;

constexpr std::size_t most_pages_per_group = 75;
constexpr std::size_t most_list_items = 200;

bool has_page(Group group) {
  return group != Group::skipped && group != Group::holds;
}

/// "2026-11-22T03:12:07.193Z" as people write it: "2026-11-22 03:12 UTC".
std::string readable_time(const std::string& iso) {
  if (iso.size() < 16 || iso[10] != 'T')
    return iso;
  return iso.substr(0, 10) + " " + iso.substr(11, 5) + " UTC";
}

void fill_head(Fields& page, const Run& run) {
  const int code = exit_code(run);
  page.text("HEADLINE", headline(run));
  page.text("TONE", code == 0 ? "ok" : code == 1 ? "bad" : "warn");
  page.text("RUN_ID", run.id);
  page.text("VERSION", run.harness_version);
  page.text("COUNTS", view::counts_text(run));
  page.text("DURATION", human_duration(run.duration));
  if (!run.started.empty()) {
    Fields started = page.section("STARTED");
    started.text("ISO", run.started);
    started.text("TEXT", readable_time(run.started));
  }
  for (const TargetInfo& target : run.targets) {
    Fields line = page.section("TARGET_LINE");
    line.text("NAME", target.id + (target.version.empty() ? "" : " (" + target.version + ")"));
    line.optional("ADDRESS", target.address);
    line.optional("FAULT", target.fault);
    line.optional("TITLE", target.title);
    line.optional("UNVERIFIED", target.tls_unverified ? tls_unverified_text : "");
  }
  if (run.interrupted)
    page.section("INTERRUPTED");
}

std::string incident_text(const Incident& incident) {
  if (incident.seen.empty())
    return incident.ref;
  return incident.ref + (incident.ref.empty() ? "seen " : ", seen ") + incident.seen;
}

void fill_entry(Fields entry, const ScenarioResult& result) {
  entry.text("TONE", html::tone(result));
  entry.text("STATUS", view::status(result));
  entry.text("SLUG", view::slug(result));
  entry.text("TITLE", html::title(result));
  entry.text("SCENARIO", result.scenario);
  entry.text("TARGET", result.target);
  if (result.plane == Plane::asgi)
    entry.section("ASGI");
  entry.optional("INCIDENT", incident_text(result.incident));
  entry.optional("SPEC", result.incident.spec);
  entry.optional("ATTEMPTS", view::attempts_text(result));
  entry.text("COMMAND", rerun_command(result));
  html::fill_verdict(entry, result);
}

void fill_results(Fields& page, const Run& run) {
  const auto sorted = view::worst_first(run);
  std::size_t total = 0;
  for (const ScenarioResult* result : sorted)
    total += has_page(view::group_of(*result)) ? 1U : 0U;
  if (total == 0) {
    if (exit_code(run) == 0)
      page.section("ALL_HOLD");
    return;
  }
  page.section("NAV_RESULTS").number("COUNT", static_cast<long>(total));
  Fields results = page.section("RESULTS");
  constexpr std::array<Group, 4> groups{Group::relapsed, Group::inconclusive, Group::flaky,
                                        Group::known};
  for (const Group group : groups) {
    const auto in_group = [group](const ScenarioResult* r) { return view::group_of(*r) == group; };
    const auto count = static_cast<std::size_t>(std::ranges::count_if(sorted, in_group));
    if (count == 0)
      continue;
    Fields section = results.section("GROUP");
    section.text("HEADING", view::heading(group));
    section.number("COUNT", static_cast<long>(count));
    section.text("TONE", group == Group::relapsed ? "bad" : "warn");
    std::size_t shown = 0;
    for (const ScenarioResult* result : sorted) {
      if (in_group(result) && shown < most_pages_per_group) {
        fill_entry(section.section("ENTRY"), *result);
        ++shown;
      }
    }
    if (shown < count)
      section.section("MORE").number("COUNT", static_cast<long>(count - shown));
  }
}

void fill_item(Fields& list, const ScenarioResult& result, const std::string& reason) {
  Fields item = list.section("ITEM");
  item.text("SCENARIO", result.scenario);
  item.text("TARGET", result.target);
  item.text("REASON", reason);
}

void fill_late_faults(Fields& page, const Run& run) {
  const Totals counts = totals(run);
  if (counts.late_faults == 0)
    return;
  Fields list = page.section("LATE");
  list.number("COUNT", counts.late_faults);
  for (const ScenarioResult& result : run.results) {
    if (!result.late_fault.empty())
      fill_item(list, result, view::late_fault_text(result));
  }
}

/// One line for many results with one reason: a library for several kinds of target skips many, and
/// the matrix names each.
void fill_skipped(Fields& page, const std::vector<const ScenarioResult*>& skipped) {
  constexpr std::size_t most_alike = 12;
  std::map<std::pair<std::string, std::string>, std::size_t> alike;
  for (const ScenarioResult* result : skipped)
    ++alike[{result->target, result->reason}];
  Fields list = page.section("SKIPPED");
  list.number("COUNT", static_cast<long>(skipped.size()));
  std::size_t items = 0;
  for (const ScenarioResult* result : skipped) {
    std::size_t& count = alike[{result->target, result->reason}];
    if (count == 0 || items == most_list_items)
      continue;
    ++items;
    ScenarioResult shown = *result;
    if (count > most_alike) {
      shown.scenario = std::to_string(count) + " scenarios";
      count = 0;
    }
    fill_item(list, shown, view::summary(shown));
  }
}

/// Results without a page that a reader must still hear of.
void fill_lists(Fields& page, const Run& run) {
  std::vector<const ScenarioResult*> forgotten;
  std::vector<const ScenarioResult*> skipped;
  for (const ScenarioResult& result : run.results) {
    if (view::known_but_holds(result))
      forgotten.push_back(&result);
    if (result.outcome == Outcome::skipped)
      skipped.push_back(&result);
  }
  if (!forgotten.empty()) {
    Fields list = page.section("FORGOTTEN");
    list.number("COUNT", static_cast<long>(forgotten.size()));
    for (const ScenarioResult* result : forgotten)
      fill_item(list, *result, result->known_reason);
  }
  fill_late_faults(page, run);
  if (!skipped.empty())
    fill_skipped(page, skipped);
}

}  // namespace

std::vector<const ScenarioResult*> results_with_page(const Run& run) {
  std::map<Group, std::size_t> counts;
  std::vector<const ScenarioResult*> pages;
  for (const ScenarioResult* result : view::worst_first(run)) {
    const Group group = view::group_of(*result);
    if ((has_page(group) || !result->disturbed_by.empty()) &&
        ++counts[group] <= most_pages_per_group)
      pages.push_back(result);
  }
  return pages;
}

std::string index_html(const Run& run) {
  const html::Document document(assets::index_template());
  Fields page = document.root();
  fill_head(page, run);
  fill_results(page, run);
  fill_lists(page, run);
  html::fill_matrix(page, run);
  page.optional("COMMAND_LINE", join(run.command, " "));
  return document.expand();
}

}  // namespace relapse
