#include "judge/expectations.hpp"

#include <nlohmann/json.hpp>
#include <set>

#include "base/text.hpp"
#include "judge/evidence.hpp"

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
      stopped_.insert(
          step.branch);  // the steps behind it were written for a target that fulfils it
    }
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
      default:
        return cursors_[expect.selector.lane];
    }
  }

  void judge_expect(const Step& step, const Expect& expect) {
    std::size_t& from = cursor(expect);
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

  void matched(const Step& step, const Expect& expect, const Progress& progress) {
    walk_.spoken_for.insert(progress.index);
    std::string missing;
    const bool captured =
        capture(expect, timeline_.events, progress.index, walk_.variables, missing);
    const auto view = view_of(expect.selector.kind, timeline_.events, progress.index);
    const bool whole = view && view->cut.empty();
    Finding& finding = add(step, captured ? Outcome::holds
                                 : whole  ? Outcome::relapsed
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

  void nothing_came(const Step& step, const Expect& expect, const Progress& progress) {
    const bool about_log = expect.selector.kind == SelectorKind::log;
    const bool unseen = about_log && !log_observed(timeline_);
    const bool unfinished = was_cut_off(timeline_, window_);
    Finding& finding = add(step, unseen || unfinished ? Outcome::inconclusive : Outcome::relapsed);
    finding.expected = describe(expect.selector);
    if (unfinished) {
      finding.observed = "the replay was cut off while it waited";
    } else if (unseen) {
      finding.observed = "log not observed";
    } else if (about_log) {
      finding.observed = "no such line among " + std::to_string(progress.skipped);
    } else {
      finding.observed = describe_nothing(timeline_.events, window_, expect.selector.lane);
    }
    if (window_.end < timeline_.events.size()) {
      finding.evidence = {timeline_.events[window_.end].seq};
    }
  }

  void judge_silence(const Step& step, const Expect& expect, const Progress& progress) {
    const bool silent = progress.state == Progress::State::waiting;
    const bool unfinished = silent && was_cut_off(timeline_, window_);
    Finding& finding = add(step, unfinished ? Outcome::inconclusive
                                 : silent   ? Outcome::holds
                                            : Outcome::relapsed);
    finding.expected = describe(expect.selector) + " for " + human_duration(expect.silence);
    finding.observed = unfinished ? "nothing, until the replay was cut off"
                       : silent   ? "nothing"
                                  : observed_text(timeline_.events[progress.index]);
    if (!silent) {
      walk_.spoken_for.insert(progress.index);
      finding.evidence = {timeline_.events[progress.index].seq};
    }
  }

  void judge_start(const Step& step, const Start& start) {
    if (start.ready != ReadyWait::required) {
      return;
    }
    for (std::size_t i = window_.begin; i < window_.end; ++i) {
      const auto* ready = std::get_if<Ready>(&timeline_.events[i].payload);
      if (ready != nullptr) {
        Finding& finding = add(step, ready->ok ? Outcome::holds : Outcome::relapsed);
        finding.expected = "target becomes ready";
        finding.observed = observed_text(timeline_.events[i]);
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
    Finding& finding = add(step, unfinished ? Outcome::inconclusive : Outcome::relapsed);
    finding.expected = "process ends after the stop signal";
    finding.observed = describe_nothing(timeline_.events, window_, step.lane);
    finding.evidence = {timeline_.events[window_.begin].seq};
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
