#include "report/console.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "base/text.hpp"
#include "report/layout.hpp"
#include "report/paint.hpp"
#include "report/view.hpp"
#include "report/view_calls.hpp"

namespace relapse {

namespace {

using paint::Tone;

constexpr std::ptrdiff_t many_results = 60;
constexpr int most_blocks = 20;
constexpr std::size_t most_trace_rows = 16;
constexpr std::size_t most_log_lines = 3;

std::string safe(std::string_view octets) {
  return safe_text(octets, 400).str();
}

std::string counted(std::size_t count, const char* one, const char* many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}

/// "  Expected    CLOSE 1007                    scenarios/ws/a.json:31:3"; a long value takes two
/// lines, and what belongs to its right then a third.
std::string field(std::string_view name, std::string_view value, std::string_view right,
                  const ConsoleOptions& options) {
  constexpr std::size_t indent = 14;
  const std::size_t columns = paint::columns(options);
  const auto lines =
      layout::wrap(paint::signs(value, options), columns - indent, 2, paint::mark(options));
  std::string out;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string head =
        i == 0 ? "  " + layout::pad(name, indent - 2) : std::string(indent, ' ');
    const bool fits = layout::width(lines[i]) + layout::width(right) + indent + 2 <= columns;
    if (i + 1 < lines.size())
      out += paint::line(head + lines[i], Tone::plain, options);
    else if (fits)
      out += paint::ends(head + lines[i], right, Tone::plain, options);
    else
      out += paint::line(head + lines[i], Tone::plain, options) +
             paint::line(std::string(indent, ' ') + std::string(right), Tone::plain, options);
  }
  return out;
}

std::string title_line(const Run& run, const ScenarioResult& result,
                       const ConsoleOptions& options) {
  std::string right = view::attempts_text(result);
  if (!result.attempts.empty())
    right += (right.empty() ? "" : "   ") + human_duration(view::total_duration(result));
  const std::string left = view::status(result) + "  " + safe(result.scenario) +
                           view::plane_mark(result) + " on " +
                           view::target_text(run, result.target);
  return paint::ends(left, right, paint::tone_of(result), options);
}

std::string incident_lines(const ScenarioResult& result, const ConsoleOptions& options) {
  const Incident& incident = result.incident;
  std::string text = safe(incident.ref);
  if (!incident.seen.empty())
    text += (text.empty() ? "seen " : ", seen ") + safe(incident.seen);
  std::string out;
  if (!result.title.empty())
    out += field("Scenario", safe(result.title), "", options);
  if (!text.empty() || !incident.spec.empty())
    out += field("Incident", text, safe(incident.spec), options);
  return out;
}

std::string curve_lines(const ScenarioResult& result, const ConsoleOptions& options) {
  const auto curve = view::curve(result);
  if (curve.empty())
    return {};
  std::string out = field("Sweep", view::curve_text(curve), "", options);
  const std::string rates = result.repeat.times > 1 ? view::curve_rates(curve) : std::string{};
  if (!rates.empty())
    out += field("Held", rates, "", options);
  return out;
}

/// Expected and observed, or why there is nothing to compare.
std::string verdict_lines(const ScenarioResult& result, const ConsoleOptions& options) {
  std::string out;
  const Finding* finding = view::decisive(result);
  if (finding != nullptr) {
    const std::string at = finding->kind == ClaimKind::expectation || finding->claim.empty()
                               ? view::place(result)
                               : safe(finding->claim) + "  " + view::place(result);
    out += field("Expected", safe(finding->expected), at, options);
    out += field("Observed", safe(finding->observed), "", options);
  }
  const Attempt* attempt = result.deciding();
  std::string reason = safe(result.reason);
  if (reason.empty() && attempt != nullptr)
    reason = safe(attempt->verdict.reason);
  // A relapse's reason repeats its expectation, unless several attempts are put together.
  const bool repeats = finding != nullptr && result.outcome != Outcome::inconclusive;
  if (!reason.empty() && (!repeats || !view::over_all(result).empty()))
    out += field("Reason", reason, "", options);
  out += curve_lines(result, options);
  const auto also = view::also_relapsed(result);
  if (!also.empty())
    out += field("Also false", join(also, ", "), "", options);
  if (!result.known_reason.empty())
    out += field("Known", safe(result.known_reason), "", options);
  if (view::known_but_holds(result))
    out += field("", "It holds: take it off the target's list of known relapses.", "", options);
  return out;
}

std::string note_for(const view::Row& row, const Finding* finding) {
  if (!row.diverges || finding == nullptr || finding->kind != ClaimKind::expectation)
    return {};
  return "expected: " + layout::fit(safe(finding->expected), 36);
}

std::string exchange_lines(const ScenarioResult& result, const Attempt& attempt,
                           std::size_t most_rows, const ConsoleOptions& options) {
  const Finding* finding = &attempt == result.deciding() ? view::decisive(result) : nullptr;
  std::string out;
  for (const view::Row& row : view::fold(view::exchange(attempt.timeline, finding), most_rows))
    out += paint::trace_row(row, note_for(row, finding), options);
  return out;
}

std::string log_lines(const ScenarioResult& result, const Attempt& attempt,
                      const ConsoleOptions& options) {
  const auto rows = view::log_rows(attempt.timeline, view::decisive(result));
  if (rows.empty())
    return {};
  const auto excerpt = view::log_excerpt(rows, most_log_lines);
  // Said once when it is true of all.
  const bool same_owner = std::ranges::all_of(
      excerpt, [&](const view::LogRow& row) { return row.owner == excerpt.front().owner; });
  const std::string owner = same_owner ? excerpt.front().owner + "; " : std::string();
  std::string out = paint::line("  Server log (" + owner + std::to_string(excerpt.size()) + " of " +
                                    counted(rows.size(), "entry", "entries") + "; " +
                                    view::log_state(attempt.timeline) + ")",
                                Tone::plain, options);
  for (const view::LogRow& row : excerpt)
    out += paint::line((row.evidence ? "  ✗  " : "     ") +
                           (same_owner ? std::string() : "[" + row.owner + "] ") + row.text,
                       row.evidence ? Tone::bad : Tone::plain, options);
  return out;
}

bool deserves_block(const ScenarioResult& result, const ConsoleOptions& options) {
  switch (view::group_of(result)) {
    case view::Group::relapsed:
    case view::Group::inconclusive:
    case view::Group::flaky:
      return true;
    case view::Group::known:
      return options.verbosity >= 1;
    case view::Group::skipped:
    case view::Group::holds:
      break;
  }
  return options.verbosity >= 2;
}

/// One target that is down makes every scenario inconclusive in the same way: that is said once.
std::string signature(const ScenarioResult& result) {
  if (result.outcome != Outcome::inconclusive)
    return result.scenario + '\n' + result.target;
  return result.target + '\n' + view::summary(result);
}

std::string blocks(const Run& run, const ConsoleOptions& options) {
  std::string out;
  std::set<std::string> said;
  std::size_t repeated = 0;
  int written = 0;
  for (const ScenarioResult* result : view::worst_first(run)) {
    if (!deserves_block(*result, options))
      continue;
    if (!said.insert(signature(*result)).second) {
      ++repeated;
    } else if (written < most_blocks || options.verbosity >= 2) {
      out += result_block(run, *result, options) + "\n";
      ++written;
    } else {
      out += result_line(*result, options);
    }
  }
  if (repeated > 0)
    out += paint::line(counted(repeated, "more result is", "more results are") +
                           " inconclusive for a reason given above.",
                       Tone::warn, options) +
           "\n";
  return out;
}

/// One line for every reason, not for every scenario: a library for several kinds of target skips
/// many. -v names each.
std::string skipped_lines(const Run& run, const std::string& target,
                          const ConsoleOptions& options) {
  std::map<std::string, std::vector<const ScenarioResult*>> by_reason;
  for (const ScenarioResult& result : run.results) {
    if (result.target == target && result.outcome == Outcome::skipped)
      by_reason[result.reason].push_back(&result);
  }
  std::string out;
  for (const auto& [reason, results] : by_reason) {
    if (results.size() == 1) {
      out += result_line(*results.front(), options);
      continue;
    }
    ScenarioResult many = *results.front();
    many.scenario = counted(results.size(), "scenario", "scenarios");
    out += result_line(many, options);
  }
  return out;
}

std::string result_lines(const Run& run, const ConsoleOptions& options) {
  if (options.verbosity < 0)
    return {};
  const auto applied = std::ranges::count_if(
      run.results, [](const ScenarioResult& one) { return one.outcome != Outcome::skipped; });
  const bool all = options.verbosity >= 1 || applied <= many_results;
  std::vector<std::string> targets;
  for (const ScenarioResult& result : run.results) {
    if (std::find(targets.begin(), targets.end(), result.target) == targets.end())
      targets.push_back(result.target);
  }
  std::string out;
  for (const std::string& target : targets) {
    std::string lines;
    for (const ScenarioResult& result : run.results) {
      const bool folded = result.outcome == Outcome::skipped && options.verbosity < 1;
      const bool wanted = all || view::group_of(result) != view::Group::holds;
      if (result.target == target && wanted && !folded)
        lines += result_line(result, options);
    }
    if (options.verbosity < 1)
      lines += skipped_lines(run, target, options);
    if (lines.empty())
      continue;
    const TargetInfo* info = view::find_target(run, target);
    std::string heading = view::target_text(run, target);
    if (info != nullptr && !info->address.empty())
      heading += "  " + safe(info->address);
    out += paint::line(heading, Tone::bold, options) + lines + "\n";
  }
  return out;
}

}  // namespace

std::string result_line(const ScenarioResult& result, const ConsoleOptions& options) {
  std::string left = "  " + layout::pad(view::status(result), 16) + " " + safe(result.scenario) +
                     view::plane_mark(result);
  std::string note;
  const view::Group group = view::group_of(result);
  if (group == view::Group::known)
    note = safe(result.known_reason);
  else if (view::known_but_holds(result))
    note = "listed as known, but holds: take it off the list";
  else if (group == view::Group::flaky)
    note = view::attempts_text(result);
  else if (group == view::Group::holds && !result.disturbed_by.empty())
    note = "disturbed by " + safe(result.disturbed_by) + " on the shared process";
  else if (group != view::Group::holds)
    note = view::summary(result);
  if (!note.empty())
    left = layout::pad(left, 46) + "  " + note;
  const std::string right =
      result.attempts.empty() ? "" : human_duration(view::total_duration(result));
  return paint::ends(left, right, paint::tone_of(result), options);
}

std::string result_block(const Run& run, const ScenarioResult& result,
                         const ConsoleOptions& options) {
  std::string out = title_line(run, result, options) + incident_lines(result, options) +
                    verdict_lines(result, options);
  if (const Attempt* attempt = result.deciding()) {
    const std::size_t rows = options.verbosity >= 2 ? 200 : most_trace_rows;
    const std::string trace = exchange_lines(result, *attempt, rows, options);
    if (!trace.empty())
      out += "\n" + trace;
    out += log_lines(result, *attempt, options);
  }
  // These two are there to be copied, and so are never cut.
  out += paint::signs("  Again       " + safe(rerun_command(result)), options) + "\n";
  if (!options.report_dir.empty() && view::group_of(result) != view::Group::holds &&
      view::group_of(result) != view::Group::skipped)
    out += paint::signs(
        "  Page        " + safe(options.report_dir) + "/s/" + view::slug(result) + ".html\n",
        options);
  return out;
}

std::string closing_lines(const Run& run, const ConsoleOptions& options) {
  const int code = exit_code(run);
  const Tone tone = code == 0 ? Tone::good : code == 1 ? Tone::bad : Tone::warn;
  // The verdict itself is never cut: on a narrow terminal it wraps.
  std::string out =
      paint::paint(paint::signs(safe(headline(run)), options), tone, options) + "\n" +
      paint::signs(view::counts_text(run) + "   " + human_duration(run.duration), options) + "\n";
  for (const TargetInfo& target : run.targets) {
    if (target.tls_unverified)
      out += paint::line(safe(target.id) + ": " + tls_unverified_text, Tone::warn, options);
  }
  for (const ScenarioResult& result : run.results) {
    if (view::known_but_holds(result))
      out += paint::line("Known, but holds: " + safe(result.scenario) + " on " +
                             safe(result.target) + ". Take it off the target's list.",
                         Tone::warn, options);
  }
  for (const ScenarioResult& result : run.results) {
    if (!result.late_fault.empty())
      out +=
          paint::line("Late in the log of " + safe(result.target) + ": \"" +
                          view::late_fault_text(result) + "\", while " + safe(result.scenario) +
                          " was replayed. It belongs to a session before; no replay showed whose.",
                      Tone::warn, options);
  }
  if (!options.report_dir.empty())
    out += paint::signs("Report: " + safe(options.report_dir) + "/index.html", options) + "\n";
  const auto sorted = view::worst_first(run);
  if (code != 0 && !sorted.empty() && view::group_of(*sorted.front()) != view::Group::holds &&
      view::group_of(*sorted.front()) != view::Group::skipped)
    out += paint::signs("Next:   " + safe(rerun_command(*sorted.front())), options) + "\n";
  return out;
}

std::string console_report(const Run& run, const ConsoleOptions& options) {
  return result_lines(run, options) + blocks(run, options) + closing_lines(run, options);
}

}  // namespace relapse
