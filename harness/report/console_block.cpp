#include <algorithm>

#include "base/text.hpp"
#include "report/console.hpp"
#include "report/layout.hpp"
#include "report/paint.hpp"
#include "report/view.hpp"
#include "report/view_calls.hpp"

// The block of one result.

namespace relapse {

namespace {

using paint::Tone;

constexpr std::size_t most_trace_rows = 16;
constexpr std::size_t most_log_lines = 3;

std::string safe(std::string_view octets) {
  return safe_text(octets, 400).str();
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

/// "Relapsed", "Failing", ...: what stands before since_text().
std::string_view since_name(ChangeKind kind) {
  switch (kind) {
    case ChangeKind::relapsed:
      return "Relapsed";
    case ChangeKind::still_failing:
      return "Failing";
    case ChangeKind::fails_differently:
      return "Changed";
    case ChangeKind::new_and_failing:
      return "New";
    case ChangeKind::flaky:
      return "Flaky";
    case ChangeKind::lost:
    case ChangeKind::inconclusive:
    case ChangeKind::slower:
    case ChangeKind::recovered:
    case ChangeKind::new_and_holding:
    case ChangeKind::target_changed:
      break;
  }
  return "";
}

const Change* change_of(const Comparison& comparison, const ScenarioResult& result) {
  const ResultKey key = key_of(result);
  for (const Change& change : comparison.changes) {
    if (change.key == key && !since_name(change.kind).empty())
      return &change;
  }
  return nullptr;
}

std::string since_lines(const Comparison& comparison, const ScenarioResult& result,
                        const ConsoleOptions& options) {
  const Change* change = change_of(comparison, result);
  if (change == nullptr)
    return {};
  return field(since_name(change->kind), since_text(comparison, result), "", options);
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
                                    layout::counted(rows.size(), "entry", "entries") + "; " +
                                    view::log_state(attempt.timeline) + ")",
                                Tone::plain, options);
  for (const view::LogRow& row : excerpt)
    out += paint::line((row.evidence ? "  ✗  " : "     ") +
                           (same_owner ? std::string() : "[" + row.owner + "] ") + row.text,
                       row.evidence ? Tone::bad : Tone::plain, options);
  return out;
}

}  // namespace

std::string since_text(const Comparison& comparison, const ScenarioResult& result) {
  const Change* change = change_of(comparison, result);
  if (change == nullptr)
    return {};
  std::vector<std::string> parts;
  const auto day = [](const std::string& utc) { return safe(utc.substr(0, 10)); };
  if (change->kind == ChangeKind::new_and_failing)
    parts.emplace_back("no earlier run knows it");
  if (change->kind == ChangeKind::fails_differently)
    parts.emplace_back("in another way than in the run before");
  if (change->kind == ChangeKind::relapsed && change->held_nights > 0)
    parts.push_back("held " + layout::counted(static_cast<std::size_t>(change->held_nights),
                                              "night", "nights"));
  if (change->failing_nights > 1)
    parts.push_back("failing for " + std::to_string(change->failing_nights) + " nights, since " +
                    day(change->first_bad_at));
  if (!change->last_good_at.empty())
    parts.push_back(
        "last good " + day(change->last_good_at) +
        (change->last_good_version.empty() ? "" : " on " + safe(change->last_good_version)));
  if (!change->text.empty() && change->kind != ChangeKind::still_failing)  // that says it again
    parts.push_back(safe(change->text));
  return join(parts, "; ");
}

std::string result_block(const Run& run, const Comparison& comparison, const ScenarioResult& result,
                         const ConsoleOptions& options) {
  std::string out = title_line(run, result, options) + since_lines(comparison, result, options) +
                    incident_lines(result, options) + verdict_lines(result, options);
  if (const Attempt* attempt = result.deciding()) {
    const std::size_t rows = options.verbosity >= 2 ? 200 : most_trace_rows;
    const std::string trace = exchange_lines(result, *attempt, rows, options);
    if (!trace.empty())
      out += "\n" + trace;
    out += log_lines(result, *attempt, options);
  }
  // These two are there to be copied, and so are never cut.
  out += paint::signs("  Again       " + safe(rerun_command(result)), options) + "\n";
  if (!options.report_dir.empty() && !result.attempts.empty())
    out +=
        paint::signs("  Bytes       relapse show last " +
                         shell_word(safe(result.scenario) + "@" + safe(result.target)) + " --hex\n",
                     options);
  if (!options.report_dir.empty() && view::group_of(result) != view::Group::holds &&
      view::group_of(result) != view::Group::skipped)
    out += paint::signs(
        "  Page        " + safe(options.report_dir) + "/s/" + view::slug(result) + ".html\n",
        options);
  return out;
}

}  // namespace relapse
