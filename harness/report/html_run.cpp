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

constexpr std::size_t most_rows = 100;
constexpr std::size_t slowest = 20;
constexpr std::size_t most_lanes = 20;

void fact(Fields& page, const std::string& name, const std::string& text) {
  if (text.empty())
    return;
  Fields fields = page.section("FACT");
  fields.text("NAME", name);
  fields.text("TEXT", text);
}

void fill_facts(Fields& page, const Pages& pages) {
  const Run& run = pages.run();
  const std::string age = view::age(run.started, pages.options().now);
  fact(page, "Started",
       view::readable_time(run.started) + (age.empty() ? "" : " (" + age + " at report time)"));
  fact(page, "Took", human_duration(run.duration));
  fact(page, "Harness", "relapse " + run.harness_version);
  fact(page, "Selection",
       run.whole ? "everything: it can be what later runs are compared with"
                 : "a part: no later run is compared with it");
  fact(page, "Ended", run.interrupted ? "interrupted" : "by itself");
  const auto& baseline = pages.comparison().baseline;
  fact(page, "Compared with",
       baseline ? "run " + baseline->id + " of " + view::readable_time(baseline->started)
                : "nothing: no earlier complete run was found");
  fact(page, "Nights known", std::to_string(pages.comparison().nights.size()) + " before this one");
  fact(page, "History", pages.options().history);
  fact(page, "Acknowledgements",
       std::to_string(pages.comparison().acknowledgements.size()) + " count, " +
           std::to_string(pages.comparison().expired.size()) + " have expired");
}

void fill_targets(Fields& page, const Pages& pages) {
  if (pages.run().targets.empty())
    return;
  Fields section = page.section("TARGETS");
  const auto& baseline = pages.comparison().baseline;
  for (const TargetInfo& target : pages.run().targets) {
    Fields row = section.section("TARGET");
    row.text("NAME", target.id, 80);
    row.optional("TITLE", target.title, 200);
    row.text("ADDRESS", target.address, 200);
    row.text("VERSION",
             target.version.empty() ? std::string("unknown: no version command")
                                    : target.version + " (from its version command)",
             300);
    std::string before = "–";
    if (baseline && baseline->versions.contains(target.id))
      before = baseline->versions.at(target.id);
    row.text("BEFORE", before == target.version ? "the same" : before, 200);
    row.text("FAULT", target.fault.empty() ? "–" : target.fault, 80);
    row.text("TLS", target.tls_unverified ? tls_unverified_text : "–");
  }
}

struct TableWords {
  const char* heading;
  const char* caption;
  const char* what;
  const char* number;
};

struct Line {
  const ScenarioResult* result;
  std::string what;
  std::string number;
};

void fill_table(Fields& page, const Pages& pages, const TableWords& words,
                const std::vector<Line>& lines, std::size_t most) {
  if (lines.empty())
    return;
  Fields table = page.section("TABLE_OF");
  table.text("HEADING", words.heading);
  table.text("CAPTION", words.caption);
  table.text("WHAT_HEAD", words.what);
  table.text("NUMBER_HEAD", words.number);
  table.number("COUNT", static_cast<long>(lines.size()));
  for (std::size_t i = 0; i < std::min(most, lines.size()); ++i) {
    const ScenarioResult& result = *lines[i].result;
    Fields row = table.section("ROW");
    Fields name = row.either(pages.has_page(result), "LINKED", "PLAIN");
    name.text("SLUG", view::slug(result));
    name.text("KEY", view::key_text(result), 300);
    row.text("TONE", html::tone(result));
    row.text("STATUS", view::status(result));
    row.text("WHAT", lines[i].what, 240);
    row.text("NUMBER", lines[i].number);
  }
  if (lines.size() > most)
    table.section("REST").number("COUNT", static_cast<long>(lines.size() - most));
}

void fill_slowest(Fields& page, const Pages& pages) {
  std::vector<const ScenarioResult*> sorted;
  for (const ScenarioResult* result : pages.all()) {
    if (view::total_duration(*result).count() > 0)
      sorted.push_back(result);
  }
  std::ranges::stable_sort(sorted, std::greater<>(),
                           [](const ScenarioResult* r) { return view::total_duration(*r); });
  sorted.resize(std::min(sorted.size(), slowest));
  std::vector<Line> lines;
  for (const ScenarioResult* result : sorted)
    lines.push_back(
        {result, view::attempts_text(*result), human_duration(view::total_duration(*result))});
  fill_table(page, pages, {"Slowest", "Where the time went.", "Attempts", "Took"}, lines, slowest);
}

/// The harness's own failures among what was seen.
bool is_harness_error(const ScenarioResult& result) {
  return result.outcome == Outcome::inconclusive;
}

void fill_lists(Fields& page, const Pages& pages) {
  std::vector<Line> repeated;
  std::vector<Line> unsure;
  std::vector<Line> not_run;
  for (const ScenarioResult* result : pages.all()) {
    const std::string count = std::to_string(result->attempts.size());
    if (result->attempts.size() > 1 && result->repeat.times <= 1 && !result->attempts.front().swept)
      repeated.push_back({result, view::attempts_text(*result), count});
    if (is_harness_error(*result))
      unsure.push_back({result, view::summary(*result), count});
    if (result->attempts.empty())
      not_run.push_back({result, view::summary(*result), count});
  }
  fill_table(page, pages,
             {"Repeated", "What did not hold was replayed again.", "Attempts", "Number"}, repeated,
             most_rows);
  fill_table(page, pages,
             {"Inconclusive", "Nothing can be said of these: target or harness failed.", "Reason",
              "Attempts"},
             unsure, most_rows);
  fill_table(page, pages,
             {"Not run", "Planned, and not replayed; the reason of each.", "Reason", "Attempts"},
             not_run, most_rows);
}

/// How long the replays on one target took, those that held and those that did not.
struct Share {
  double held = 0;
  double other = 0;
  int results = 0;
};

/// Targets run side by side, each after its own plan: where the time of the run went.
void fill_shares(Fields& page, const Pages& pages) {
  std::map<std::string, Share> shares;
  double most = 0;
  for (const ScenarioResult& result : pages.run().results) {
    Share& share = shares[result.target];
    ++share.results;
    for (const Attempt& attempt : result.attempts) {
      const double took = static_cast<double>(attempt.duration.count()) / 1e9;
      (attempt.verdict.outcome == Outcome::holds ? share.held : share.other) += took;
    }
    most = std::max(most, share.held + share.other);
  }
  if (most <= 0) {
    page.section("NO_CHART").text("TEXT", "Nothing was replayed.");
    return;
  }
  const long count = static_cast<long>(std::min(shares.size(), most_lanes));
  Chart chart(page,
              {"shares", "Time spent on each target",
               "All replays on each of " + std::to_string(shares.size()) +
                   " targets, one after the other; lower, in red: those that did not hold. The "
                   "whole run took " +
                   human_duration(pages.run().duration) + "."},
              640, 12 + count * 24);
  chart.table("Every target in numbers", {"Target", "#Results", "#Replays that held", "#Others"});
  const auto text = [](double seconds) {
    return human_duration(Duration{static_cast<std::int64_t>(seconds * 1e9)});
  };
  long y = 8;
  for (const auto& [target, share] : shares) {
    chart.row({target, std::to_string(share.results), text(share.held), text(share.other)});
    if (y > 24 * static_cast<long>(most_lanes - 1) + 8)
      continue;
    const long held = static_cast<long>(440 * share.held / most);
    const long other = static_cast<long>(440 * share.other / most);
    chart.label(0, y + 11, safe_text(target, 22).str());
    if (held > 0)
      chart.bar({180, y, held, 10}, "holds");
    if (other > 0)
      chart.bar({180 + held, y + 5, other, 12}, "relapsed");
    y += 24;
  }
}

void fill_redactions(Fields& page, const Run& run) {
  page.text("REDACTED", view::redactions_text(run));
  if (run.redactions.empty())
    return;
  Fields rules = page.section("RULES");
  std::size_t shown = 0;
  for (const auto& [rule, count] : run.redactions) {
    if (++shown > most_rows)
      break;
    Fields fields = rules.section("RULE");
    fields.text("NAME", rule, 80);
    fields.number("COUNT", count);
  }
}

}  // namespace

std::string run_html(const Pages& pages) {
  static const html::Template parsed(assets::run_template());
  const html::Document document(parsed);
  const Run& run = pages.run();
  Fields page = document.root();
  page.text("P", "");
  page.text("HEADLINE", headline(run));
  page.text("TONE", html::tone_of_run(run));
  page.text("COUNTS", view::counts_text(run));
  page.text("RUN_ID", run.id);
  page.optional("COMMAND_LINE", join(run.command, " "));
  fill_facts(page, pages);
  fill_targets(page, pages);
  fill_shares(page, pages);
  fill_slowest(page, pages);
  fill_lists(page, pages);
  fill_redactions(page, run);
  const auto& unreadable = pages.comparison().unreadable;
  if (!unreadable.empty()) {
    Fields section = page.section("HISTORY_PROBLEMS");
    section.number("COUNT", static_cast<long>(unreadable.size()));
    for (std::size_t i = 0; i < std::min(unreadable.size(), most_rows); ++i)
      section.section("ITEM").text("TEXT", unreadable[i], 300);
  }
  html::Frame frame{.at = html::Frame::At::run};
  frame.title = headline(run) + " – how the run went";
  return html::framed(pages, frame, document.expand());
}

}  // namespace relapse
