#include "judge/judge.hpp"

#include <algorithm>
#include <exception>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "judge/asgi_evidence.hpp"
#include "judge/asgi_guards.hpp"
#include "judge/evidence.hpp"
#include "judge/expectations.hpp"
#include "judge/restart.hpp"
#include "judge/timing.hpp"

namespace relapse {
namespace {

constexpr std::size_t max_evidence = 20;

/// Where a selector matches, and how often more it might: events of which only a part is kept.
struct Matches {
  std::vector<std::size_t> found;
  std::vector<std::size_t> undecided;
};

Matches matching(const Selector& selector, const Timeline& timeline, const Variables& variables) {
  Matches matches;
  for (std::size_t i = 0; i < timeline.events.size(); ++i) {
    const Event& event = timeline.events[i];
    if (is_aside(event) || (!selector.lane.empty() && event.lane != selector.lane)) {
      continue;
    }
    const auto why = mismatch(selector, timeline.events, i, variables);
    if (!why) {
      matches.found.push_back(i);
    } else if (why->undecided) {
      matches.undecided.push_back(i);
    }
  }
  return matches;
}

void add_evidence(Finding& finding, const Timeline& timeline,
                  const std::vector<std::size_t>& indices) {
  for (std::size_t i = 0; i < std::min(indices.size(), max_evidence); ++i) {
    finding.evidence.push_back(timeline.events[indices[i]].seq);
  }
}

std::string times(std::size_t n) {
  return n == 1 ? "once" : std::to_string(n) + " times";
}

/// A claim that would hold by what is on record, but something is not on record.
void cannot_know(Finding& finding, const Timeline& timeline,
                 const std::vector<std::size_t>& undecided) {
  finding.outcome = Outcome::inconclusive;
  if (undecided.empty()) {
    finding.observed = "not known: the record was full";
    return;
  }
  finding.observed =
      "not known, only a part of it is kept: " + observed_text(timeline.events[undecided.front()]);
  add_evidence(finding, timeline, undecided);
}

void judge_never(Finding& finding, const Claim& claim, const Timeline& timeline,
                 const Variables& variables) {
  const auto [found, undecided] = matching(claim.selector, timeline, variables);
  finding.expected = "never " + describe(claim.selector);
  if (found.empty()) {
    finding.observed = "never";
    if (!undecided.empty() || left_out(timeline) > 0) {
      cannot_know(finding, timeline, undecided);
    }
    return;
  }
  finding.outcome = Outcome::relapsed;
  finding.observed = observed_text(timeline.events[found.front()]);
  if (found.size() > 1) {
    finding.observed += " (" + times(found.size()) + ")";
  }
  add_evidence(finding, timeline, found);
}

void judge_always(Finding& finding, const Claim& claim, const Timeline& timeline,
                  const Variables& variables) {
  finding.expected = "always " + describe(claim.selector);
  std::vector<std::size_t> wrong;
  std::vector<std::size_t> undecided;
  std::size_t right = 0;
  for (std::size_t i = 0; i < timeline.events.size(); ++i) {
    const Event& event = timeline.events[i];
    const bool here = claim.selector.lane.empty() || event.lane == claim.selector.lane;
    if (is_aside(event) || !here || !view_of(claim.selector.kind, timeline.events, i)) {
      continue;
    }
    const auto why = mismatch(claim.selector, timeline.events, i, variables);
    if (why) {
      (why->undecided ? undecided : wrong).push_back(i);
    } else {
      ++right;
    }
  }
  if (!wrong.empty()) {
    finding.outcome = Outcome::relapsed;
    finding.observed = observed_text(timeline.events[wrong.front()]);
    add_evidence(finding, timeline, wrong);
  } else if (!undecided.empty() || left_out(timeline) > 0) {
    cannot_know(finding, timeline, undecided);
  } else if (right == 0) {
    finding.outcome = Outcome::inconclusive;
    finding.observed = "no event of this kind was observed";
  } else {
    finding.observed = times(right);
  }
}

/// Numbers in a pattern: between two of them its answer does not change.
void add_numbers(const Json& pattern, std::vector<double>& numbers) {
  if (pattern.is_number()) {
    numbers.push_back(pattern.get<double>());
  }
  if (pattern.is_structured()) {
    for (const Json& one : pattern) {
      add_numbers(one, numbers);
    }
  }
}

/// Whether the pattern answers the same for every count from `least` to `most`.
bool same_for_all(const Json& pattern, std::uint64_t least, std::uint64_t most,
                  const Variables& variables) {
  std::vector<double> turns;
  add_numbers(pattern, turns);
  std::vector<std::uint64_t> probes{most};
  for (const double turn : turns) {
    for (const double near : {turn - 1, turn, turn + 1}) {
      if (near >= static_cast<double>(least) && near <= static_cast<double>(most)) {
        probes.push_back(static_cast<std::uint64_t>(near));
      }
    }
  }
  const bool fits = !mismatch(pattern, Json(least), variables);
  return std::all_of(probes.begin(), probes.end(), [&](std::uint64_t count) {
    return !mismatch(pattern, Json(count), variables) == fits;
  });
}

void judge_count(Finding& finding, const Claim& claim, const Timeline& timeline, const Walk& walk) {
  const Variables& variables = walk.variables;
  const auto [found, undecided] = matching(claim.selector, timeline, variables);
  const Json& pattern = claim.count.json.json();
  const auto why = mismatch(pattern, Json(found.size()), variables);
  finding.expected = describe(claim.selector) + " count " + claim.count.json.dump();
  finding.observed = times(found.size());
  finding.outcome = why ? Outcome::relapsed : Outcome::holds;
  // What is not on record may have been one more each: never one less.
  const std::uint64_t most = found.size() + undecided.size() + left_out(timeline);
  if (!same_for_all(pattern, found.size(), most, variables)) {
    cannot_know(finding, timeline, undecided);
    return;
  }
  // A replay that an inconclusive step ended might have shown any number more.
  constexpr std::uint64_t many = 1'000'000;
  if (walk.cut_short && !same_for_all(pattern, found.size(), most + many, variables)) {
    finding.outcome = Outcome::inconclusive;
    finding.observed += " until the replay ended early";
    return;
  }
  add_evidence(finding, timeline, found);
}

Finding judge_claim(const Claim& claim, const Timeline& timeline, const Walk& walk) {
  const Variables& variables = walk.variables;
  Finding finding;
  finding.claim = claim.name;
  finding.outcome = Outcome::holds;
  finding.at = claim.at;
  switch (claim.kind) {
    case Claim::Kind::never:
      finding.kind = ClaimKind::never;
      judge_never(finding, claim, timeline, variables);
      break;
    case Claim::Kind::always:
      finding.kind = ClaimKind::always;
      judge_always(finding, claim, timeline, variables);
      break;
    case Claim::Kind::count:
      finding.kind = ClaimKind::count;
      judge_count(finding, claim, timeline, walk);
      break;
  }
  // A line that was seen is evidence however the log ended; a line that was not seen is evidence
  // only when the log is known to have been alive.
  const bool from_absence = finding.outcome == Outcome::holds || finding.evidence.empty();
  if (claim.selector.kind == SelectorKind::log && from_absence && !log_observed(timeline)) {
    finding.outcome = claim.if_observed ? Outcome::holds : Outcome::inconclusive;
    finding.observed = "log not observed";
  }
  return finding;
}

Finding guard(std::string_view name, std::string expected) {
  Finding finding;
  finding.claim = name;
  finding.kind = ClaimKind::guard;
  finding.outcome = Outcome::holds;
  finding.expected = std::move(expected);
  finding.observed = "none";
  return finding;
}

void relapse(Finding& finding, const Event& event) {
  if (finding.outcome != Outcome::relapsed) {
    finding.outcome = Outcome::relapsed;
    finding.observed = observed_text(event);
  }
  if (finding.evidence.size() < max_evidence) {
    finding.evidence.push_back(event.seq);
  }
}

/// A guard that saw nothing wrong, over a record that is not whole.
void doubt_if_full(Finding& finding, const Timeline& timeline) {
  if (finding.outcome == Outcome::holds && left_out(timeline) > 0) {
    cannot_know(finding, timeline, {});
  }
}

Finding judge_server_errors(const Timeline& timeline, const Walk& walk) {
  Finding finding = guard(guard_server_error, "no 5xx that no step expected");
  for (std::size_t i = 0; i < timeline.events.size(); ++i) {
    const auto* message = std::get_if<HttpMessage>(&timeline.events[i].payload);
    if (message != nullptr && message->direction == Direction::received && message->status >= 500 &&
        !is_aside(timeline.events[i]) && !walk.spoken_for.contains(i)) {
      relapse(finding, timeline.events[i]);
    }
  }
  doubt_if_full(finding, timeline);
  return finding;
}

Finding judge_log(const Timeline& timeline, const Walk& walk) {
  Finding finding = guard(guard_log, "no unhandled exception in the log");
  for (std::size_t i = 0; i < timeline.events.size(); ++i) {
    const auto* line = std::get_if<LogLine>(&timeline.events[i].payload);
    if (line == nullptr || is_aside(timeline.events[i]) || walk.spoken_for.contains(i)) {
      continue;
    }
    if (shows_fault(*line, timeline)) {
      relapse(finding, timeline.events[i]);
    }
  }
  if (finding.outcome == Outcome::holds && !log_observed(timeline)) {
    // A target without any log source cannot answer; one whose log fell silent must not look clean.
    finding.outcome = has_log(timeline) ? Outcome::inconclusive : Outcome::holds;
    finding.observed = "log not observed";
  }
  if (has_log(timeline)) {
    doubt_if_full(finding, timeline);
  }
  return finding;
}

Finding judge_liveness(const Scenario& scenario, const Timeline& timeline) {
  Finding finding =
      guard(guard_liveness, "the target is as healthy as before, on the same process");
  const bool may_exit = ends_process(scenario);
  bool probed = false;
  std::string unsure;
  for (std::size_t i = 0; i < timeline.events.size(); ++i) {
    const Event& event = timeline.events[i];
    if (const auto* probe = std::get_if<Probed>(&event.payload); probe && !probe->before) {
      probed = true;
      const auto why = untimely_probe(timeline, i);
      if (why) {
        unsure = "probe " + probe->name + ": " + *why;
      } else if (!probe->ok) {
        relapse(finding, event);
      }
    }
    if (std::holds_alternative<ProcessExited>(event.payload) && !may_exit && event.step >= 0) {
      relapse(finding, event);
    }
  }
  if (const auto restart = restarted_during(timeline);
      restart && finding.outcome != Outcome::relapsed) {
    finding.outcome = Outcome::relapsed;
    finding.observed = restart->words;
    finding.evidence.push_back(restart->seq);
  }
  if (finding.outcome == Outcome::holds) {
    finding.outcome = unsure.empty() ? Outcome::holds : Outcome::inconclusive;
    finding.observed = !unsure.empty() ? unsure : probed ? "healthy" : "not probed";
  }
  return finding;
}

void merge(Verdict& verdict, bool complete) {
  verdict.outcome = Outcome::holds;
  for (const Finding& finding : verdict.findings) {
    if (finding.outcome == Outcome::relapsed) {
      verdict.outcome = Outcome::relapsed;
      break;
    }
    if (finding.outcome == Outcome::inconclusive) {
      verdict.outcome = Outcome::inconclusive;
    }
  }
  if (verdict.outcome == Outcome::holds && !complete) {
    verdict.outcome = Outcome::inconclusive;
    verdict.reason = "the replay was cut off";
    return;
  }
  const Finding* finding = verdict.decisive();
  if (finding != nullptr) {
    verdict.reason =
        finding->claim + ": expected " + finding->expected + ", observed " + finding->observed;
  }
}

Verdict judge_or_throw(const Scenario& scenario, const Timeline& timeline) {
  Verdict verdict;
  if (const auto why = cannot_judge(scenario, timeline)) {
    verdict.outcome = Outcome::inconclusive;
    verdict.reason = *why;
    return verdict;
  }
  Walk walk = judge_steps(scenario, timeline);
  verdict.findings = std::move(walk.findings);
  for (const Claim& claim : scenario.claims) {
    verdict.findings.push_back(judge_claim(claim, timeline, walk));
  }
  if (scenario.guards.server_error) {
    verdict.findings.push_back(judge_server_errors(timeline, walk));
  }
  if (scenario.guards.log) {
    verdict.findings.push_back(judge_log(timeline, walk));
  }
  if (scenario.guards.liveness) {
    verdict.findings.push_back(judge_liveness(scenario, timeline));
  }
  if (scenario.guards.exception && has_asgi_events(timeline)) {
    verdict.findings.push_back(judge_exceptions(scenario, timeline, walk));
  }
  if (scenario.guards.protocol && has_asgi_events(timeline)) {
    verdict.findings.push_back(judge_protocol(scenario, timeline));
  }
  merge(verdict, timeline.complete);
  return verdict;
}

}  // namespace

Verdict judge(const Scenario& scenario, const Timeline& timeline) {
  try {
    return judge_or_throw(scenario, timeline);
  } catch (const std::exception& error) {
    Verdict verdict;
    verdict.outcome = Outcome::inconclusive;
    verdict.reason = std::string("the judge failed: ") + error.what();
    return verdict;
  }
}

}  // namespace relapse
