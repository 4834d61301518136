#include "report/console.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
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

constexpr int most_blocks = 20;

std::string safe(std::string_view octets) {
  return safe_text(octets, 400).str();
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

/// What did not get a block any more: a line for every way of failing.
std::string signature_lines(const std::vector<const ScenarioResult*>& rest,
                            const ConsoleOptions& options) {
  std::map<std::string, std::vector<const ScenarioResult*>> by_signature;
  std::vector<std::string> order;
  for (const ScenarioResult* result : rest) {
    const std::string name = view::status(*result) + '\n' + failure_signature(*result);
    std::vector<const ScenarioResult*>& all = by_signature[name];
    if (all.empty())
      order.push_back(name);
    all.push_back(result);
  }
  std::string out;
  for (const std::string& name : order) {
    const std::vector<const ScenarioResult*>& all = by_signature[name];
    if (all.size() == 1) {
      out += live_line(*all.front(), options);
      continue;
    }
    ScenarioResult many = *all.front();
    many.scenario = std::to_string(all.size()) + " results like " + many.scenario;
    out += live_line(many, options);
  }
  return out;
}

std::string blocks(const Run& run, const Comparison& comparison, const ConsoleOptions& options) {
  std::string out;
  std::set<std::string> said;
  std::vector<const ScenarioResult*> rest;
  std::size_t repeated = 0;
  int written = 0;
  for (const ScenarioResult* result : view::worst_first(run)) {
    if (!deserves_block(*result, options))
      continue;
    if (!said.insert(signature(*result)).second) {
      ++repeated;
    } else if (written < most_blocks || options.verbosity >= 2) {
      out += result_block(run, comparison, *result, options) + "\n";
      ++written;
    } else {
      rest.push_back(result);
    }
  }
  if (!rest.empty())
    out += signature_lines(rest, options) + "\n";
  if (repeated > 0)
    out += paint::line(layout::counted(repeated, "more result is", "more results are") +
                           " inconclusive for a reason given above.",
                       Tone::warn, options) +
           "\n";
  return out;
}

/// Failures once more, one line each; nothing where one block says it all.
std::string recap(const Run& run, const ConsoleOptions& options) {
  constexpr std::size_t most = 200;
  if (!options.recap)
    return {};
  std::vector<const ScenarioResult*> failures;
  for (const ScenarioResult* result : view::worst_first(run)) {
    const view::Group group = view::group_of(*result);
    if (group == view::Group::relapsed || group == view::Group::inconclusive ||
        group == view::Group::flaky)
      failures.push_back(result);
  }
  if (failures.size() < 2)
    return {};
  std::string out = paint::line("All that did not hold", Tone::bold, options);
  for (std::size_t i = 0; i < std::min(failures.size(), most); ++i)
    out += live_line(*failures[i], options);
  if (failures.size() > most)
    out += "  and " + std::to_string(failures.size() - most) + " more\n";
  return out + "\n";
}

/// What to do about the worst of a run: to look at its target when it could not be asked.
std::string next_command(const Run& run, const ScenarioResult& worst) {
  const auto reached = [](const Event& event) {
    return std::holds_alternative<Connected>(event.payload) ||
           std::holds_alternative<AsgiCalled>(event.payload);
  };
  const Attempt* attempt = worst.deciding();
  if (!run.interrupted && worst.outcome == Outcome::inconclusive && attempt != nullptr &&
      std::ranges::none_of(attempt->timeline.events, reached))
    return "relapse doctor -t " + shell_word(worst.target);
  return rerun_command(worst);
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
    many.scenario = layout::counted(results.size(), "scenario", "scenarios");
    out += result_line(many, options);
  }
  return out;
}

std::string result_lines(const Run& run, const ConsoleOptions& options) {
  if (options.verbosity < 0)
    return {};
  const bool all = options.verbosity >= 1;
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
      // What failed gets a block. One that holds is worth a line when there is something about it.
      const bool wanted = all || view::group_of(result) == view::Group::known ||
                          view::known_but_holds(result) || !result.disturbed_by.empty();
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

std::string live_line(const ScenarioResult& result, const ConsoleOptions& options) {
  ScenarioResult placed;
  placed.outcome = result.outcome;
  placed.known = result.known;
  std::string left = "  " + layout::pad(view::status(placed), 16) + " " + safe(result.scenario) +
                     view::plane_mark(result) + " on " + safe(result.target);
  const std::string note = view::group_of(result) == view::Group::known ? safe(result.known_reason)
                                                                        : view::summary(result);
  left += note.empty() ? "" : ": " + note;
  const std::string right =
      result.attempts.empty() ? "" : human_duration(view::total_duration(result));
  return paint::ends(left, right, paint::tone_of(result), options);
}

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

std::string closing_lines(const Run& run, const ConsoleOptions& options) {
  const Totals t = totals(run);
  const bool stricter = options.strict && exit_code(run) == 0 && t.flaky + t.known > 0;
  const int code = stricter ? 1 : exit_code(run);
  const Tone tone = code == 0 ? Tone::good : code == 1 ? Tone::bad : Tone::warn;
  const std::string counts = view::counts_text(run) + "   " + human_duration(run.duration);
  // Of relapses the counts say all that the headline says. Never cut: on a narrow terminal it
  // wraps.
  const std::string verdict = t.relapsed > 0 ? "RELAPSED" : safe(headline(run));
  const bool one_line =
      verdict.find(' ') == std::string::npos &&
      layout::width(verdict) + layout::width(counts) + 2 <= paint::columns(options);
  std::string out = paint::paint(paint::signs(verdict, options), tone, options) +
                    (one_line ? "  " : "\n") + paint::signs(counts, options) + "\n";
  if (stricter)
    out += paint::line("--strict: what is flaky or known fails this run.", Tone::bad, options);
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
    out += paint::signs("Next:   " + safe(next_command(run, *sorted.front())), options) + "\n";
  return out;
}

std::string console_report(const Run& run, const Comparison& comparison,
                           const ConsoleOptions& options) {
  return result_lines(run, options) + blocks(run, comparison, options) + recap(run, options) +
         closing_lines(run, options);
}

std::string plain_report(const Run& run) {
  std::string out;
  for (const ScenarioResult& result : run.results) {
    const std::string note = result.known ? "known: " + result.known_reason : view::summary(result);
    std::array<char, 32> seconds{};
    std::snprintf(seconds.data(), seconds.size(), "%.3f",
                  std::chrono::duration<double>(view::total_duration(result)).count());
    out += std::string(to_string(result.outcome)) + "\t" + safe(result.scenario) + "\t" +
           safe(result.target) + "\t" + (result.plane == Plane::asgi ? "asgi" : "wire") + "\t" +
           seconds.data() + "\t" + safe(note) + "\n";
  }
  return out;
}

}  // namespace relapse
