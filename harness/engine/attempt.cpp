#include "engine/attempt.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "drive/lateness.hpp"
#include "drive/plan.hpp"
#include "engine/identity.hpp"
#include "engine/settle.hpp"
#include "judge/timing.hpp"

namespace relapse {
namespace {

constexpr auto tok = asio::as_tuple(asio::use_awaitable);

/// What one probe showed.
struct ProbeRun {
  std::string wrong{};                   ///< empty: it worked
  std::optional<Payload> excuse{};       ///< why the failure says nothing about the target
  std::optional<Duration> round_trip{};  ///< the shortest that it saw
  Timeline timeline{};
};

/// Runs one probe on a recorder of its own and judges it like a scenario, on the same clock as the
/// scenario: a pause costs no time where that is virtual.
asio::awaitable<ProbeRun> run_probe(asio::any_io_executor executor, const Probe& probe,
                                    Instance& instance, bool virtual_clock) {
  ProbeRun run;
  auto plan = make_probe_plan(probe, instance);
  if (!plan) {
    run.wrong = plan.error().message;
    co_return run;
  }
  plan->scenario.virtual_clock = virtual_clock;
  Scenario scenario = plan->scenario;
  scenario.steps = probe.steps;  // as written: a verdict quotes them
  Recorder recorder(executor);
  recorder.timeline().variables = plan->variables;
  if (instance.round_trip()) {
    recorder.add("", Paced{*instance.round_trip(), true});
  }
  const auto performer = make_performer(executor, std::move(*plan), instance, recorder);
  co_await performer->run();
  co_await performer->finish();
  Timeline seen = recorder.take_unredacted();
  seen.complete = !performer->aborted();
  Settled settled = settle(scenario, std::move(seen), instance.secrets());
  if (settled.verdict.outcome != Outcome::holds) {
    run.wrong = settled.verdict.reason;
  }
  if (settled.verdict.outcome == Outcome::inconclusive) {
    run.excuse = excuse(scenario, settled.timeline);
  }
  run.round_trip = shortest_round_trip(settled.timeline);
  run.timeline = std::move(settled.timeline);
  co_return run;
}

}  // namespace

asio::awaitable<bool> AttemptRunner::probe_all(bool before) {
  bool all = true;
  std::optional<Duration> shortest;
  for (const Probe& one : instance_.target().probes) {
    if (aborted_) {
      break;
    }
    ProbeRun run = co_await run_probe(executor_, one, instance_, scenario_.virtual_clock);
    all = all && run.wrong.empty();
    if (run.excuse) {
      recorder_.add("probe", std::move(*run.excuse));
    }
    recorder_.add("probe", Probed{one.name, before, run.wrong.empty(), std::move(run.wrong)});
    // Not the mean: an error path may rightly be slow.
    if (run.round_trip && (!shortest || *run.round_trip < *shortest)) {
      shortest = run.round_trip;
    }
  }
  paced_ = shortest || instance_.target().probes.empty();
  if (shortest) {
    instance_.measured(*shortest);
  }
  co_return all;
}

asio::awaitable<bool> AttemptRunner::identify(bool before) {
  if (!instance_.target().identity || aborted_) {
    co_return true;
  }
  const Identity identity = *instance_.target().identity;
  if (auto known = instance_.take_identity(); known && before) {
    recorder_.add("probe", Identified{std::move(*known), identity.grows, true});
  }
  const Probe question = identity_probe(identity);
  ProbeRun run = co_await run_probe(executor_, question, instance_, scenario_.virtual_clock);
  if (run.wrong.empty()) {
    auto value = read_identity(identity, run.timeline);
    if (value) {
      recorder_.add("probe", Identified{*value, identity.grows, before});
      identified_ = true;
      if (!before) {
        instance_.identified(std::move(*value));
      }
      co_return true;
    }
    run.wrong = std::move(value).error().message;
  }
  if (run.excuse) {
    recorder_.add("probe", std::move(*run.excuse));
  }
  recorder_.add("probe", Probed{question.name, before, false, std::move(run.wrong)});
  co_return false;
}

asio::awaitable<bool> AttemptRunner::probe(bool before) {
  const bool works = co_await probe_all(before);
  // Asked before the first step, or there is nothing to compare with: the scenario started the
  // process itself.
  if (!before && !identified_) {
    co_return works;
  }
  const bool same = co_await identify(before);
  const bool both = works && same;
  co_return both;
}

void AttemptRunner::record_pace(bool before) {
  if (paced_ && instance_.round_trip()) {
    recorder_.add("", Paced{*instance_.round_trip(), before});
  }
}

asio::awaitable<bool> AttemptRunner::control() {
  if (controlled_before_) {
    for (const Probe& one : instance_.target().probes) {
      recorder_.add("probe", Probed{one.name, true, true, "after the previous scenario"});
    }
    paced_ = true;  // the instance remembers the predecessor's measure
    const bool known = co_await identify(true);
    co_return known;
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
  replayer_ = make_performer(executor_, std::move(*plan), instance_, recorder_);
  co_await replayer_->run();
  co_await replayer_->finish();
  if (instance_.has_log() && !aborted_) {
    // What an application logs is told in its place among its events: nothing comes later.
    const Duration settle =
        instance_.plane() == Plane::asgi ? Duration::zero() : instance_.target().log_settle;
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
    record_pace(false);
    probed_well_ = well && there;
    healthy_ = healthy_ && probed_well_;
  }
  if (follow_up_ != nullptr && !aborted_) {
    Probed last = co_await follow_up_->run();
    instance_.attach(&recorder_, true);
    recorder_.add("probe", std::move(last));
  }
  if (alone_ && instance_.running()) {
    co_await stop();
  }
}

asio::awaitable<void> AttemptRunner::stop() {
  Recorder stalls(executor_);
  std::string wrong;
  {
    const LatenessWatch watch(executor_, stalls);
    wrong = co_await instance_.stop();
  }
  const Duration late = lateness(stalls.timeline(), {true, 0, stalls.events().size()});
  const auto why =
      untimely(stalls.timeline(), {true, 0, stalls.events().size()}, instance_.stop_within());
  // How it ended is evidence; that it did not end yet is none when it had no time for it.
  if (why && instance_.overstayed()) {
    recorder_.add("probe", Delayed{late});
  }
  recorder_.add("probe", Probed{"stop", false, wrong.empty(), std::move(wrong)});
}

asio::awaitable<Attempt> AttemptRunner::run() {
  const auto begin = Clock::now();
  Timeline& record = recorder_.timeline();
  record.scenario = scenario_.id;
  record.target = instance_.target().id;
  record.variables = instance_.variables();
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
  record_pace(true);
  if (controlled && !aborted_) {
    co_await replay();
    if (!aborted_) {
      co_await aftermath();
    }
  }
  instance_.attach(nullptr, false);
  Attempt attempt;
  attempt.alone = alone_;
  Timeline seen = recorder_.take_unredacted();
  seen.complete = !aborted_ && !(replayer_ && replayer_->aborted());
  Settled settled = settle(scenario_, std::move(seen), instance_.secrets());
  attempt.timeline = std::move(settled.timeline);
  attempt.verdict = std::move(settled.verdict);
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
