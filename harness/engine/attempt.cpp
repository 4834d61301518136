#include "engine/attempt.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "drive/plan.hpp"
#include "judge/judge.hpp"

namespace relapse {
namespace {

constexpr auto tok = asio::as_tuple(asio::use_awaitable);

bool ends_process(const Scenario& scenario) {
  return std::any_of(scenario.steps.begin(), scenario.steps.end(), [](const Step& step) {
    const auto* expect = std::get_if<Expect>(&step.action);
    return std::holds_alternative<Signal>(step.action) ||
           std::holds_alternative<Stop>(step.action) ||
           (expect != nullptr && expect->selector.kind == SelectorKind::exit);
  });
}

/// Runs one probe on a recorder of its own and judges it like a scenario. Empty: it worked.
asio::awaitable<std::string> run_probe(asio::any_io_executor executor, const Probe& probe,
                                       Instance& instance) {
  auto plan = make_probe_plan(probe, instance);
  if (!plan) {
    co_return plan.error().message;
  }
  const Scenario scenario = plan->scenario;
  Recorder recorder(executor);
  Replayer replayer(executor, std::move(*plan), instance, recorder);
  co_await replayer.run();
  co_await replayer.finish();
  Timeline timeline = recorder.take();
  timeline.complete = !replayer.aborted();
  const Verdict verdict = judge(scenario, timeline);
  std::string wrong;
  if (verdict.outcome != Outcome::holds) {
    wrong = verdict.reason;
  }
  co_return wrong;
}

}  // namespace

bool starts_itself(const Scenario& scenario) {
  return std::any_of(scenario.steps.begin(), scenario.steps.end(),
                     [](const Step& step) { return std::holds_alternative<Start>(step.action); });
}

asio::awaitable<bool> AttemptRunner::probe(bool before) {
  bool all = true;
  for (const Probe& one : instance_.target().probes) {
    if (aborted_) {
      break;
    }
    std::string wrong = co_await run_probe(executor_, one, instance_);
    all = all && wrong.empty();
    recorder_.add("probe", Probed{one.name, before, wrong.empty(), std::move(wrong)});
  }
  co_return all;
}

asio::awaitable<bool> AttemptRunner::control() {
  if (controlled_before_) {
    for (const Probe& one : instance_.target().probes) {
      recorder_.add("probe", Probed{one.name, true, true, "after the previous scenario"});
    }
    co_return true;
  }
  const bool works = co_await probe(true);
  co_return works;
}

asio::awaitable<void> AttemptRunner::replay() {
  auto plan = make_plan(scenario_, instance_);
  if (!plan) {
    recorder_.add("", HarnessFailed{plan.error().message});
    co_return;
  }
  recorder_.timeline().variables = plan->variables;
  instance_.attach(&recorder_, false);
  replayer_ = std::make_unique<Replayer>(executor_, std::move(*plan), instance_, recorder_);
  co_await replayer_->run();
  co_await replayer_->finish();
  if (instance_.has_log() && !aborted_) {
    const Duration settle = instance_.target().log_settle;
    if (settle > Duration::zero() && instance_.may_log()) {
      asio::steady_timer timer(executor_, settle);
      co_await timer.async_wait(tok);
    }
    co_await instance_.mark_log(recorder_);
  }
  instance_.attach(&recorder_, true);
}

asio::awaitable<void> AttemptRunner::aftermath() {
  const bool may_be_gone = ends_process(scenario_);
  const bool there = !instance_.launchable() || instance_.running();
  if (scenario_.guards.liveness && (there || !may_be_gone)) {
    const bool well = co_await probe(false);
    probed_well_ = well && there;
    healthy_ = healthy_ && probed_well_;
  }
  if (follow_up_ != nullptr && !aborted_) {
    Probed last = co_await follow_up_->run();
    instance_.attach(&recorder_, true);
    recorder_.add("probe", std::move(last));
  }
  if (alone_ && instance_.running()) {
    std::string wrong = co_await instance_.stop();
    recorder_.add("probe", Probed{"stop", false, wrong.empty(), std::move(wrong)});
  }
}

asio::awaitable<Attempt> AttemptRunner::run() {
  const auto begin = Clock::now();
  Timeline& record = recorder_.timeline();
  record.scenario = scenario_.id;
  record.target = instance_.target().id;
  record.variables = instance_.secrets().shown(instance_.variables());
  record.fault_signatures = instance_.target().fault_signatures;
  instance_.attach(&recorder_, true);
  bool controlled = true;
  if (!starts_itself(scenario_)) {
    controlled = co_await control();
    if (controlled && instance_.has_log()) {
      co_await instance_.mark_log(recorder_);
    }
  }
  healthy_ = controlled;
  if (controlled && !aborted_) {
    co_await replay();
    if (!aborted_) {
      co_await aftermath();
    }
  }
  instance_.attach(nullptr, false);
  Attempt attempt;
  attempt.alone = alone_;
  attempt.timeline = recorder_.take();
  attempt.timeline.complete = !aborted_ && !(replayer_ && replayer_->aborted());
  attempt.verdict = judge(scenario_, attempt.timeline);
  attempt.duration = Clock::now() - begin;
  co_return attempt;
}

void AttemptRunner::abort() {
  aborted_ = true;
  if (replayer_) {
    replayer_->abort();
  }
}

}  // namespace relapse
