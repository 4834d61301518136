#include "judge/expectations.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "base/text.hpp"
#include "judge/asgi_evidence.hpp"
#include "judge/evidence.hpp"
#include "judge/timing.hpp"

namespace relapse {
namespace {

/// Walks the steps with one cursor per connection, so that each expectation starts behind the event
/// that the one before it took. Branches that ran side by side have connections of their own, so
/// they are walked one after another.
class StepWalker {
 public:
  StepWalker(const Scenario& scenario, const Timeline& timeline)
      : scenario_(scenario), timeline_(timeline), marked_(has_step_marks(timeline)) {
    walk_.variables = timeline.variables;
    windows_ = windows_of(timeline.events, scenario.steps.size());
  }

  Walk run() {
    int group = -1;
    for (std::size_t i = 0; i < scenario_.steps.size(); ++i) {
      const Step& step = scenario_.steps[i];
      if (step.group < 0 || step.group != group) {
        if (!stopped_.empty()) {
          break;
        }
        group = step.group;
      }
      if (!stopped_.contains(step.branch)) {
        index_ = i;
        walk_to(step);
      }
    }
    return std::move(walk_);
  }

 private:
  void walk_to(const Step& step) {
    window_ = marked_ ? windows_[index_] : StepWindow{true, 0, timeline_.events.size(), -1};
    if (window_.reached) {
      judge_step(step);
    } else {
      not_reached();
    }
  }

  void judge_step(const Step& step) {
    if (const auto* expect = std::get_if<Expect>(&step.action)) {
      judge_expect(step, *expect);
    } else if (const auto* start = std::get_if<Start>(&step.action)) {
      judge_start(step, *start);
    } else if (std::holds_alternative<Stop>(step.action)) {
      judge_stop(step);
    }
  }

  Finding& add(const Step& step, Outcome outcome) {
    Finding finding;
    finding.claim = claim_name(scenario_, index_);
    finding.kind = ClaimKind::expectation;
    finding.outcome = outcome;
    finding.at = step.at;
    if (outcome != Outcome::holds) {
      // The steps behind it were written for a target that fulfils it.
      stopped_.insert(step.branch);
    }
    walk_.cut_short = walk_.cut_short || outcome == Outcome::inconclusive;
    return walk_.findings.emplace_back(std::move(finding));
  }

  void not_reached() {
    Finding& finding = add(scenario_.steps[index_], Outcome::inconclusive);
    finding.expected = describe(scenario_.steps[index_]);
    finding.observed = left_out(timeline_) > 0 ? "the record was full before this step"
                                               : "the replay ended before this step";
  }

  std::size_t& cursor(const Expect& expect) {
    switch (expect.selector.kind) {
      case SelectorKind::log:
        return cursors_["\nlog"];
      case SelectorKind::exit:
        return cursors_["\nexit"];
      case SelectorKind::pending_tasks:
        return cursors_["\ntasks"];
      case SelectorKind::complaint:
        return cursors_["\ncomplaints"];
      default:
        return cursors_[expect.selector.lane];
    }
  }

  void judge_expect(const Step& step, const Expect& expect) {
    std::size_t& from = cursor(expect);
    if (marked_) {
      from = still_in_question(expect, timeline_.events, window_, from);
    }
    Progress progress =
        advance(expect, timeline_.events, from, window_.end, walk_.variables, false);
    if (from > full_at(timeline_) && !outlasts_record(expect)) {
      progress = {Progress::State::unknown, full_at(timeline_)};
    }
    if (progress.state == Progress::State::unknown) {
      cannot_know(step, expect, progress, from);
      return;
    }
    if (expect.selector.kind == SelectorKind::silence) {
      judge_silence(step, expect, progress);
      return;
    }
    switch (progress.state) {
      case Progress::State::matched:
        matched(step, expect, progress);
        from = progress.index + 1;
        break;
      case Progress::State::mismatched:
        mismatched(step, expect, progress);
        break;
      case Progress::State::waiting:
        nothing_came(step, expect, progress);
        break;
      case Progress::State::unknown:
        break;  // see above
    }
  }

  /// What decides is not on record. See was_flooded for the one case that speaks for itself.
  void cannot_know(const Step& step, const Expect& expect, const Progress& progress,
                   std::size_t from) {
    const Event& event = timeline_.events[progress.index];
    const bool full = std::holds_alternative<Overflowed>(event.payload);
    const bool one_is_due =
        expect.selector.kind != SelectorKind::silence && expect.selector.kind != SelectorKind::log;
    const bool flooded = full && one_is_due && was_flooded(timeline_, expect.selector.lane, from);
    Finding& finding = add(step, flooded ? Outcome::relapsed : Outcome::inconclusive);
    finding.expected = describe(expect.selector);
    if (flooded) {
      finding.observed = "a flood that filled the record, and not this in it";
    } else if (full) {
      finding.observed = "not known: the record was full";
    } else {
      finding.observed = "not known, only a part of it is kept: " + observed_text(event);
    }
    finding.evidence = {event.seq};
  }

  bool is_whole(const Expect& expect, const Progress& progress) const {
    const auto view = view_of(expect.selector.kind, timeline_.events, progress.index);
    return view && view->cut.empty();
  }

  void matched(const Step& step, const Expect& expect, const Progress& progress) {
    walk_.spoken_for.insert(progress.index);
    walk_.fulfilling.insert(progress.index);
    std::string missing;
    const bool captured =
        capture(expect, timeline_.events, progress.index, walk_.variables, missing);
    Finding& finding = add(step, captured                     ? Outcome::holds
                                 : is_whole(expect, progress) ? Outcome::relapsed
                                                              : Outcome::inconclusive);
    finding.expected = describe(expect.selector);
    finding.observed = observed_text(timeline_.events[progress.index]);
    if (!captured) {
      finding.expected += " with a value at " + missing;
    }
    finding.evidence = {timeline_.events[progress.index].seq};
  }

  void mismatched(const Step& step, const Expect& expect, const Progress& progress) {
    const Event& event = timeline_.events[progress.index];
    walk_.spoken_for.insert(progress.index);
    Finding& finding = add(step, Outcome::relapsed);
    finding.expected = describe(expect.selector);
    finding.observed = observed_text(event);
    if (progress.why && !progress.why->pointer.empty()) {
      finding.observed += " (" + progress.why->pointer.substr(1) + " is " +
                          safe_text(progress.why->actual, 120).str() + ")";
    }
    finding.evidence = {event.seq};
  }

  /// Why the time of an expectation that nothing fulfilled means nothing. The end of the connection
  /// is an observation, whenever it came; only a deadline that passed is in question.
  std::optional<std::string> too_little_time(const Step& step, const Selector& selector) const {
    const Duration limit = step.within.value_or(scenario_.within);
    for (std::size_t i = window_.begin; i < window_.end; ++i) {
      const auto* hit = std::get_if<DeadlineHit>(&timeline_.events[i].payload);
      if (hit != nullptr && window_.holds(timeline_.events[i]) && hit->waited >= limit) {
        const bool local =
            selector.kind == SelectorKind::exit || selector.kind == SelectorKind::log;
        if (is_exact(scenario_, timeline_, selector.lane)) {
          return std::nullopt;
        }
        return local ? stalled(timeline_, window_, limit) : untimely(timeline_, window_, limit);
      }
    }
    for (std::size_t i = window_.end; i-- > 0;) {
      const Event& event = timeline_.events[i];
      const auto* refused = std::get_if<ConnectFailed>(&event.payload);
      if (refused != nullptr && event.lane == selector.lane && event.step >= 0 &&
          timed_out(*refused)) {
        const StepWindow connecting = windows_.at(static_cast<std::size_t>(event.step));
        const Step& opener = scenario_.steps.at(static_cast<std::size_t>(event.step));
        return untimely(timeline_, connecting, opener.within.value_or(scenario_.within));
      }
    }
    return std::nullopt;
  }

  void nothing_came(const Step& step, const Expect& expect, const Progress& progress) {
    const bool about_log = expect.selector.kind == SelectorKind::log;
    const bool unseen = about_log && !log_observed(timeline_);
    const bool unfinished = was_cut_off(timeline_, window_);
    const auto untimely = too_little_time(step, expect.selector);
    const bool unsure = unseen || unfinished || untimely;
    Finding& finding = add(step, unsure ? Outcome::inconclusive : Outcome::relapsed);
    finding.expected = describe(expect.selector);
    if (unfinished) {
      finding.observed = "the replay was cut off while it waited";
    } else if (unseen) {
      finding.observed = "log not observed";
    } else if (untimely) {
      finding.observed = *untimely;
    } else if (about_log) {
      finding.observed = "no such line among " + std::to_string(progress.skipped);
    } else {
      finding.observed = describe_nothing_of(expect.selector);
    }
    if (window_.end < timeline_.events.size()) {
      finding.evidence = {timeline_.events[window_.end].seq};
    }
  }

  std::string describe_nothing_of(const Selector& selector) const {
    if (auto words = describe_nothing_of_call(timeline_.events, window_, selector)) {
      return *words;
    }
    return describe_nothing(timeline_.events, window_, selector.lane);
  }

  void judge_silence(const Step& step, const Expect& expect, const Progress& progress) {
    if (progress.state != Progress::State::waiting) {
      const Event& event = timeline_.events[progress.index];
      Finding& finding = silence_finding(step, expect, Outcome::relapsed, observed_text(event));
      walk_.spoken_for.insert(progress.index);
      finding.evidence = {event.seq};
    } else if (was_cut_off(timeline_, window_)) {
      silence_finding(step, expect, Outcome::inconclusive, "nothing, until the replay was cut off");
    } else if (const auto why = untimely_silence(expect)) {
      silence_finding(step, expect, Outcome::inconclusive, *why);
      stopped_.erase(step.branch);  // the replay went on, and what it saw then is evidence
    } else {
      silence_finding(step, expect, Outcome::holds, "nothing");
    }
  }

  std::optional<std::string> untimely_silence(const Expect& expect) const {
    return is_exact(scenario_, timeline_, expect.selector.lane)
               ? std::nullopt
               : unobserved_silence(timeline_, window_, expect.silence);
  }

  Finding& silence_finding(const Step& step, const Expect& expect, Outcome outcome,
                           std::string observed) {
    Finding& finding = add(step, outcome);
    finding.expected = describe(expect.selector) + " for " + human_duration(expect.silence);
    finding.observed = std::move(observed);
    return finding;
  }

  void judge_start(const Step& step, const Start& start) {
    if (start.ready != ReadyWait::required) {
      return;
    }
    for (std::size_t i = window_.begin; i < window_.end; ++i) {
      const auto* ready = std::get_if<Ready>(&timeline_.events[i].payload);
      if (ready != nullptr) {
        // The target's own limit is not known here; the wait took that long at least. A process
        // that ended is an observation.
        const auto untimely_start =
            ready->ok || any_exit()
                ? std::nullopt
                : untimely(timeline_, window_, step.within.value_or(ready->after));
        Finding& finding = add(step, ready->ok        ? Outcome::holds
                                     : untimely_start ? Outcome::inconclusive
                                                      : Outcome::relapsed);
        finding.expected = "target becomes ready";
        finding.observed = untimely_start.value_or(observed_text(timeline_.events[i]));
        finding.evidence = {timeline_.events[i].seq};
        return;
      }
    }
  }

  void judge_stop(const Step& step) {
    for (std::size_t i = 0; i < window_.end; ++i) {
      if (std::holds_alternative<ProcessExited>(timeline_.events[i].payload)) {
        return;  // how it exited is for an `expect exit` to say
      }
    }
    const bool unfinished = was_cut_off(timeline_, window_);
    const auto untimely_stop = untimely_wait();
    Finding& finding =
        add(step, unfinished || untimely_stop ? Outcome::inconclusive : Outcome::relapsed);
    finding.expected = "process ends after the stop signal";
    finding.observed =
        untimely_stop.value_or(describe_nothing(timeline_.events, window_, step.lane));
    finding.evidence = {timeline_.events[window_.begin].seq};
  }

  /// A stop waits as long as its DeadlineHit says.
  std::optional<std::string> untimely_wait() const {
    for (std::size_t i = window_.begin; i < window_.end; ++i) {
      const auto* hit = std::get_if<DeadlineHit>(&timeline_.events[i].payload);
      if (hit != nullptr && window_.holds(timeline_.events[i])) {
        return stalled(timeline_, window_, hit->waited);
      }
    }
    return std::nullopt;
  }

  bool any_exit() const {
    const auto begin = timeline_.events.begin();
    return std::any_of(begin + static_cast<std::ptrdiff_t>(window_.begin),
                       begin + static_cast<std::ptrdiff_t>(window_.end), [](const Event& event) {
                         return std::holds_alternative<ProcessExited>(event.payload);
                       });
  }

  const Scenario& scenario_;
  const Timeline& timeline_;
  bool marked_;
  std::size_t index_ = 0;
  std::vector<StepWindow> windows_;
  StepWindow window_{};  ///< of the step in question
  std::map<std::string, std::size_t> cursors_;
  std::set<int> stopped_;  ///< branches of the group; branch 0 is that of steps without a group
  Walk walk_;
};

}  // namespace

Walk judge_steps(const Scenario& scenario, const Timeline& timeline) {
  return StepWalker(scenario, timeline).run();
}

}  // namespace relapse
