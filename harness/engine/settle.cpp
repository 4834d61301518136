#include "engine/settle.hpp"

#include <algorithm>

#include "judge/judge.hpp"

namespace relapse {
namespace {

bool same_outcomes(const Verdict& a, const Verdict& b) {
  return a.outcome == b.outcome &&
         std::equal(a.findings.begin(), a.findings.end(), b.findings.begin(), b.findings.end(),
                    [](const Finding& x, const Finding& y) {
                      return x.claim == y.claim && x.outcome == y.outcome;
                    });
}

/// What a finding saw, in the words of the redacted record.
std::string observed_again(const Finding& finding, const Timeline& redacted) {
  for (const Event& event : redacted.events) {
    if (!finding.evidence.empty() && event.seq == finding.evidence.front()) {
      return observed_text(event) + " (a part that decides is redacted)";
    }
  }
  return "what decides is redacted";
}

/// The verdict on what was seen, without the words that quote it.
Verdict reworded(Verdict seen, const Verdict& shown, const Timeline& redacted,
                 const Secrets& secrets) {
  for (Finding& finding : seen.findings) {
    const auto same =
        std::find_if(shown.findings.begin(), shown.findings.end(), [&finding](const Finding& one) {
          return one.claim == finding.claim && one.outcome == finding.outcome;
        });
    if (same != shown.findings.end()) {
      finding = *same;
      continue;
    }
    secrets.redact(finding.expected);
    finding.observed = finding.outcome == Outcome::holds ? "as expected; a part is redacted"
                                                         : observed_again(finding, redacted);
  }
  const Finding* decisive = seen.decisive();
  if (decisive != nullptr) {
    seen.reason =
        decisive->claim + ": expected " + decisive->expected + ", observed " + decisive->observed;
  } else {
    secrets.redact(seen.reason);
  }
  return seen;
}

}  // namespace

Settled settle(const Scenario& scenario, Timeline seen, const Secrets& secrets) {
  Settled settled;
  settled.verdict = judge(scenario, seen);
  settled.timeline = std::move(seen);
  if (!secrets.redact(settled.timeline)) {
    return settled;
  }
  Verdict shown = judge(scenario, settled.timeline);
  settled.verdict = same_outcomes(settled.verdict, shown)
                        ? std::move(shown)
                        : reworded(std::move(settled.verdict), shown, settled.timeline, secrets);
  for (Finding& finding : settled.verdict.findings) {
    // A pattern may quote a credential of the scenario's own.
    secrets.redact(finding.expected);
    secrets.redact(finding.observed);
  }
  secrets.redact(settled.verdict.reason);
  return settled;
}

void redact(Run& run, const Secrets& secrets) {
  const auto all = [&secrets](std::vector<std::string>& texts) {
    for (std::string& text : texts) {
      secrets.redact(text);
    }
  };
  all(run.command);
  for (TargetInfo& target : run.targets) {
    secrets.redact(target.title);
    secrets.redact(target.address);
    secrets.redact(target.version);
  }
  for (ScenarioResult& result : run.results) {
    all(result.step_texts);
    for (std::string* text : {&result.reason, &result.disturbed_by, &result.late_fault}) {
      secrets.redact(*text);
    }
    for (std::string* text :
         {&result.title, &result.known_reason, &result.incident.ref, &result.incident.story,
          &result.incident.evidence, &result.incident.fix, &result.incident.spec}) {
      secrets.redact(*text, TextKind::prose);
    }
    for (std::string& label : result.step_labels) {
      secrets.redact(label, TextKind::prose);
    }
    for (Attempt& attempt : result.attempts) {
      // Only words: the timeline was redacted when it was taken.
      secrets.redact(attempt.verdict.reason);
      for (Finding& finding : attempt.verdict.findings) {
        secrets.redact(finding.expected);
        secrets.redact(finding.observed);
      }
    }
  }
}

}  // namespace relapse
