#include "engine/target_runner.hpp"

#include <algorithm>

#include "base/clock.hpp"
#include "base/text.hpp"
#include "engine/applicable.hpp"
#include "judge/judge.hpp"
#include "model/sweep.hpp"

namespace relapse {
namespace {

/// A process was found dead when it was to be stopped: so long a replay alone waits for that.
constexpr Duration most_linger = std::chrono::seconds{10};
constexpr Duration margin = std::chrono::milliseconds{200};
constexpr auto most_search = std::chrono::minutes{3};

/// The target's list says that it relapses, and has not expired.
bool may_relapse(const Scenario& scenario, const Target& target) {
  const std::string today = utc_timestamp(std::chrono::system_clock::now()).substr(0, 10);
  return std::any_of(target.known.begin(), target.known.end(), [&](const Known& known) {
    return known.scenario == scenario.id && known.until >= today;
  });
}

/// A process that was hurt may die some time later.
class Linger : public FollowUp {
 public:
  Linger(Stage& stage, Instance& instance, Duration wait)
      : stage_(stage), instance_(instance), wait_(wait) {}
  asio::awaitable<Probed> run() override {
    co_await stage_.wait(wait_);
    Probed probed;
    probed.name = "still running after " + human_duration(wait_);
    probed.ok = instance_.running();
    co_return probed;
  }

 private:
  Stage& stage_;
  Instance& instance_;
  Duration wait_;
};

std::vector<std::optional<Duration>> points_of(const Scenario& scenario) {
  std::vector<std::optional<Duration>> points;
  for (const Duration point : sweep_points(scenario)) {
    points.emplace_back(point);
  }
  if (points.empty()) {
    points.emplace_back();
  }
  return points;
}

void describe_steps(const Scenario& scenario, ScenarioResult& result) {
  bool numbered = true;
  for (std::size_t i = 0; i < scenario.steps.size(); ++i) {
    const Step& step = scenario.steps[i];
    const bool own = step.at.file.empty() || step.at.file == scenario.file;
    result.step_texts.push_back(describe(step) + (own ? "" : "  [" + to_string(step.at) + "]"));
    result.step_lines.push_back(own ? step.at.line : 0);
    const std::string number = "step " + std::to_string(i + 1);
    result.step_labels.push_back(step.label.empty() ? number : step.label);
    numbered = numbered && result.step_labels.back() == number;
  }
  if (numbered) {
    result.step_labels.clear();
  }
}

}  // namespace

ScenarioResult describe_result(const Scenario& scenario, const Target& target,
                               const TargetRunOptions& options) {
  ScenarioResult result;
  result.scenario = scenario.id;
  result.target = target.id;
  result.fault = options.fault_name;
  result.plane = options.plane;
  result.title = scenario.title;
  result.incident = scenario.incident;
  result.tags = scenario.tags;
  result.aliases = scenario.aliases;
  result.at = {scenario.file, 0, 0};
  result.digest = scenario.digest;
  result.repeat = options.repeat.value_or(scenario.repeat);
  describe_steps(scenario, result);
  for (const Known& known : target.known) {
    if (known.scenario == scenario.id) {
      result.known_reason = known.reason + " (until " + known.until + ")";
    }
  }
  return result;
}

Tally TargetRunner::tally(const Course& course, std::optional<Duration> point) {
  const ScenarioResult& result = results_[course.scenario.id];
  std::vector<Duration> points;
  if (point) {
    points.push_back(*point);
  }
  return tallies(result.attempts, points, !result.disturbed_by.empty()).front();
}

bool TargetRunner::more(const Course& course, std::optional<Duration> point) {
  if (stage_.interrupted() || course.stuck) {
    return false;
  }
  const ScenarioResult& result = results_[course.scenario.id];
  Outcome last = Outcome::inconclusive;
  for (const Attempt& attempt : result.attempts) {
    if (attempt.swept == point) {
      last = attempt.verdict.outcome;
    }
  }
  // Without a fresh target a second look would see the same one.
  const ReplayRules rules{stage_.launchable() ? options_.retries : 0, options_.confirm_relapses};
  return wants_another(tally(course, point), last, result.repeat, rules);
}

void TargetRunner::drop_shared() {
  shared_.instance->kill();
  shared_.instance.reset();
  held_on_shared_.clear();
}

asio::awaitable<Attempt> TargetRunner::on_shared(Course& course, Replay replay) {
  if (!shared_.instance) {
    Launched fresh = co_await stage_.launch(true);
    shared_ = std::move(fresh);
    shared_probed_ = false;
    held_on_shared_.clear();
  }
  if (!shared_.ready) {
    course.stuck = true;
    Attempt failed = stage_.failed_start(replay, shared_.startup);
    if (stage_.launchable()) {
      shared_.instance.reset();
    }
    co_return failed;
  }
  control_held_ = true;
  Stage::How how;
  how.controlled = shared_probed_;
  const auto began = Clock::now();
  Stage::Done done = co_await stage_.replay(replay, *shared_.instance, how);
  if (const LogLine* late = late_fault_aside(done.attempt.timeline)) {
    results_[course.scenario.id].late_fault = late->text;
  }
  const bool held = done.attempt.verdict.outcome == Outcome::holds;
  shared_probed_ = done.probed_well && held;
  if (held && done.healthy) {
    held_on_shared_.push_back({replay, Clock::now()});
  } else if (stage_.launchable()) {
    if (went_wrong(done.attempt) && !course.disturbance) {
      course.disturbance = Disturbance{replay, began, Clock::now(), held_on_shared_};
    }
    // Whatever happened may have damaged it: nobody else is to suffer for that.
    drop_shared();
  }
  co_return std::move(done.attempt);
}

asio::awaitable<Attempt> TargetRunner::on_fresh(Course& course, Replay replay) {
  Launched fresh = co_await stage_.launch(!starts_itself(*replay.scenario));
  if (!fresh.ready) {
    course.stuck = ++course.failed_starts > options_.retries;
    co_return stage_.failed_start(replay, fresh.startup);
  }
  Stage::How how;
  how.alone = true;
  Linger linger(stage_, *fresh.instance, course.linger);
  if (course.linger > Duration::zero()) {
    how.then = &linger;
  }
  Stage::Done done = co_await stage_.replay(replay, *fresh.instance, how);
  co_return std::move(done.attempt);
}

/// On the shared process until a replay does not hold there, then each on a fresh one.
asio::awaitable<void> TargetRunner::replay_point(Course& course, std::optional<Duration> point) {
  std::vector<Attempt>& attempts = results_[course.scenario.id].attempts;
  const Replay replay{&course.scenario, point};
  bool alone = course.always_alone;
  Tally by_itself;
  // Where several are judged together one relapse may settle it, but it may be another's doing.
  const auto unseen_alone = [&] {
    return alone && !course.always_alone && by_itself.judged() == 0 && options_.retries > 0 &&
           options_.confirm_relapses && !course.stuck && !stage_.interrupted();
  };
  while (more(course, point) || unseen_alone()) {
    if (alone) {
      Attempt next = co_await on_fresh(course, replay);
      (next.verdict.outcome == Outcome::holds ? by_itself.held : by_itself.relapsed) += 1;
      attempts.push_back(std::move(next));
    } else {
      Attempt next = co_await on_shared(course, replay);
      alone = stage_.launchable() && next.verdict.outcome != Outcome::holds;
      attempts.push_back(std::move(next));
    }
  }
  const bool here = course.disturbance && course.disturbance->victim.point == point;
  if (here && by_itself.held > 0 && by_itself.relapsed == 0) {
    course.always_alone = true;  // one who disturbs it is enough to look for
  } else if (here) {
    course.disturbance.reset();
  }
}

asio::awaitable<void> TargetRunner::replay_points(Course& course) {
  const std::vector<std::optional<Duration>> points = points_of(course.scenario);
  for (const std::optional<Duration> point : points) {
    co_await replay_point(course, point);
  }
}

/// What the log told late and nobody can be found for is no reason to doubt this scenario.
bool TargetRunner::excuse_late_fault(const Course& course) {
  ScenarioResult& result = results_[course.scenario.id];
  const LogLine* told = nullptr;
  for (const Attempt& attempt : result.attempts) {
    if (attempt.alone || attempt.verdict.outcome == Outcome::holds) {
      continue;
    }
    told = only_late_fault(attempt.verdict, attempt.timeline);
    if (told == nullptr) {
      return false;
    }
  }
  if (told != nullptr) {
    result.late_fault = told->text;
    result.disturbed_by = told_late;
  }
  return told != nullptr;
}

/// Finds out who spoilt the shared process for this scenario; what is to be said about that.
asio::awaitable<std::string> TargetRunner::blame(Course& course) {
  Blame found = co_await find_culprit(stage_, std::move(*course.disturbance));
  if (!found.culprit) {
    std::string account = excuse_late_fault(course) ? std::string() : std::move(found.account);
    co_return account;
  }
  const Scenario& culprit = *found.culprit->scenario;
  const bool itself = &culprit == &course.scenario;
  if (found.evidence) {
    results_[culprit.id].attempts.push_back(std::move(*found.evidence));
  }
  if (itself) {
    co_return std::string();  // its own claim of liveness says it all
  }
  finish(culprit, "");
  results_[course.scenario.id].disturbed_by = culprit.id;
  course.always_alone = true;
  co_await replay_points(course);  // in the place of what no longer counts
  co_return found.account;
}

asio::awaitable<void> TargetRunner::replay(Course course) {
  co_await replay_points(course);
  std::string note;
  if (course.disturbance && options_.confirm_relapses && !course.disturbance->before.empty() &&
      !stage_.interrupted()) {
    std::string account = co_await blame(course);
    note = std::move(account);
  }
  finish(course.scenario, note);
}

asio::awaitable<void> TargetRunner::end_shared() {
  if (!shared_.instance || !stage_.launchable()) {
    co_return;
  }
  const auto now = Clock::now();
  const bool died = shared_.ready && !shared_.instance->running();
  const std::string wrong = co_await shared_.instance->stop();
  shared_.instance.reset();
  const std::vector<Predecessor> suspects = std::move(held_on_shared_);
  held_on_shared_.clear();
  if ((wrong.empty() && !died) || stage_.interrupted()) {
    co_return;
  }
  const auto until = Clock::now() + most_search;
  // One of those who held left something behind: each shows alone whether it was the one.
  std::set<const Scenario*> seen;
  for (auto suspect = suspects.rbegin(); suspect != suspects.rend(); ++suspect) {
    const Scenario& scenario = *suspect->replay.scenario;
    if (!seen.insert(&scenario).second || results_[scenario.id].outcome == Outcome::relapsed) {
      continue;
    }
    Course course{.scenario = scenario, .always_alone = true};
    if (died) {
      course.linger = std::min(std::chrono::duration_cast<Duration>(now - suspect->ended) + margin,
                               most_linger);
    }
    results_[scenario.id].attempts.clear();
    co_await replay(std::move(course));
    if (died && (results_[scenario.id].outcome == Outcome::relapsed || Clock::now() > until)) {
      break;  // it died once; the latest suspects were asked first
    }
  }
}

std::vector<const Scenario*> TargetRunner::sort(const std::vector<const Scenario*>& scenarios,
                                                std::vector<const Scenario*>& own) {
  std::vector<const Scenario*> shared;
  for (const Scenario* scenario : scenarios) {
    ScenarioResult result = describe_result(*scenario, stage_.target(), options_);
    const auto skip = skip_reason(*scenario, stage_.target(), stage_.plane());
    if (skip) {
      result.outcome = Outcome::skipped;
      result.reason = *skip;
    } else {
      (starts_itself(*scenario) ? own : shared).push_back(scenario);
    }
    ScenarioResult& slot = results_[scenario->id] = std::move(result);
    if (skip && options_.on_result) {
      options_.on_result(slot);
    }
  }
  return shared;
}

asio::awaitable<void> TargetRunner::run(std::vector<const Scenario*> scenarios) {
  std::vector<const Scenario*> own;
  const std::vector<const Scenario*> shared = sort(scenarios, own);
  for (const Scenario* scenario : shared) {
    if (stage_.interrupted()) {
      co_return;
    }
    Course course{.scenario = *scenario};
    co_await replay(std::move(course));
  }
  co_await end_shared();
  if (!own.empty() && !control_held_) {
    Launched fresh = co_await stage_.launch(true);
    shared_ = std::move(fresh);
    control_held_ = shared_.ready;
  }
  for (const Scenario* scenario : own) {
    if (stage_.interrupted()) {
      co_return;
    }
    if (control_held_) {
      Course course{.scenario = *scenario, .always_alone = true};
      co_await replay(std::move(course));
    } else {
      const Replay first{scenario, points_of(*scenario).front()};
      results_[scenario->id].attempts.push_back(stage_.failed_start(first, shared_.startup));
      finish(*scenario, "");
    }
  }
  co_await end_shared();
  std::string version = co_await stage_.version();
  version_ = std::move(version);
}

void TargetRunner::finish(const Scenario& scenario, const std::string& note) {
  ScenarioResult& result = results_[scenario.id];
  Conclusion conclusion = conclude(result, sweep_points(scenario));
  result.outcome = conclusion.outcome;
  result.reason = std::move(conclusion.reason);
  if (!note.empty()) {
    result.reason += (result.reason.empty() ? "" : "; ") + note;
  }
  result.known = result.outcome == Outcome::relapsed && may_relapse(scenario, stage_.target());
  if (told_.insert(scenario.id).second && options_.on_result) {
    options_.on_result(result);
  }
}

}  // namespace relapse
