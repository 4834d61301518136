#include "engine/target_run.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <exception>
#include <map>
#include <memory>

#include "base/clock.hpp"
#include "engine/applicable.hpp"
#include "engine/attempt.hpp"
#include "engine/worktree.hpp"
#include "judge/judge.hpp"

namespace relapse {
namespace {

/// A fresh instance and what its start looked like.
struct Launched {
  std::unique_ptr<Instance> instance;
  Timeline startup;
  bool ready = false;
};

class TargetRunner {
 public:
  TargetRunner(asio::any_io_executor executor, const Target& target,
               const TargetRunOptions& options)
      : executor_(std::move(executor)), target_(target), options_(options) {}

  asio::awaitable<void> run(std::vector<const Scenario*> scenarios);
  void abort();
  /// Lets go of what still runs, or the context would wait for it.
  void close() { shared_.instance.reset(); }
  std::map<std::string, ScenarioResult>& results() { return results_; }
  std::string version() const { return version_; }

 private:
  asio::awaitable<Launched> launch(bool start);
  asio::awaitable<void> replay_shared(const Scenario& scenario);
  asio::awaitable<void> replay_alone(const Scenario& scenario);
  asio::awaitable<Attempt> attempt(const Scenario& scenario, Instance& instance, bool alone);
  asio::awaitable<void> end_shared();
  asio::awaitable<void> learn_version();
  Attempt failed_start(const Scenario& scenario, const Timeline& startup) const;
  bool wants_another(const ScenarioResult& result) const;
  void finish(ScenarioResult& result);
  bool interrupted() const { return options_.interrupt && options_.interrupt->requested(); }

  asio::any_io_executor executor_;
  const Target& target_;
  const TargetRunOptions& options_;
  std::map<std::string, ScenarioResult> results_;
  Launched shared_;
  bool shared_probed_ = false;  ///< the probes have just worked on the shared instance
  bool control_held_ = false;   ///< the target's own settings were seen to work in this run
  std::vector<const Scenario*> held_on_shared_;
  AttemptRunner* current_ = nullptr;
  std::string version_;
};

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

ScenarioResult describe_result(const Scenario& scenario, const Target& target,
                               const std::string& fault) {
  ScenarioResult result;
  result.scenario = scenario.id;
  result.target = target.id;
  result.fault = fault;
  result.title = scenario.title;
  result.incident = scenario.incident;
  result.tags = scenario.tags;
  result.at = {scenario.file, 0, 0};
  result.digest = scenario.digest;
  describe_steps(scenario, result);
  for (const Known& known : target.known) {
    if (known.scenario == scenario.id) {
      result.known_reason = known.reason + " (until " + known.until + ")";
      result.known = known.until >= utc_timestamp(std::chrono::system_clock::now()).substr(0, 10);
    }
  }
  return result;
}

/// What several attempts amount to. A relapse that a second, isolated replay did not show is flaky;
/// an inconclusive attempt says nothing beside one that says something.
void conclude(ScenarioResult& result) {
  bool relapsed = false;
  bool held = false;
  for (const Attempt& attempt : result.attempts) {
    relapsed = relapsed || attempt.verdict.outcome == Outcome::relapsed;
    held = held || attempt.verdict.outcome == Outcome::holds;
  }
  if (relapsed) {
    result.outcome = held ? Outcome::flaky : Outcome::relapsed;
  } else {
    result.outcome = held ? Outcome::holds : Outcome::inconclusive;
  }
  for (const Attempt& attempt : result.attempts) {
    if (attempt.verdict.outcome == result.outcome ||
        (result.outcome == Outcome::flaky && attempt.verdict.outcome == Outcome::relapsed)) {
      result.reason = attempt.verdict.reason;
    }
  }
}

asio::awaitable<Launched> TargetRunner::launch(bool start) {
  Launched launched;
  Recorder recorder(executor_);
  auto made = Instance::make(executor_, target_, options_.fault);
  if (!made) {
    recorder.add("", HarnessFailed{made.error().message});
    launched.startup = recorder.take();
    co_return launched;
  }
  launched.instance = std::move(*made);
  if (!start) {
    launched.ready = true;
    co_return launched;
  }
  if (!target_.launch) {
    const auto opened = co_await launched.instance->open_logs();
    if (!opened) {
      recorder.add("", HarnessFailed{opened.error().message});
      launched.startup = recorder.take();
      co_return launched;
    }
    std::string why;
    launched.ready = co_await launched.instance->reachable(why);
    if (!launched.ready) {
      const Address& address = launched.instance->address();
      recorder.add("main", ConnectFailed{address.host, std::atoi(address.port.c_str()), why});
    }
    launched.startup = recorder.take();
    co_return launched;
  }
  launched.instance->attach(&recorder, true);
  const Start defaults;
  const auto started =
      co_await launched.instance->start(recorder, defaults, target_.launch->ready_within);
  launched.instance->attach(nullptr, false);
  if (!started) {
    recorder.add("", HarnessFailed{started.error().message});
  }
  for (const Event& event : recorder.events()) {
    const auto* ready = std::get_if<Ready>(&event.payload);
    launched.ready = launched.ready || (ready != nullptr && ready->ok);
  }
  launched.startup = recorder.take();
  co_return launched;
}

Attempt TargetRunner::failed_start(const Scenario& scenario, const Timeline& startup) const {
  Attempt attempt;
  attempt.timeline = startup;
  attempt.timeline.scenario = scenario.id;
  attempt.timeline.target = target_.id;
  attempt.verdict = judge(scenario, attempt.timeline);
  return attempt;
}

asio::awaitable<Attempt> TargetRunner::attempt(const Scenario& scenario, Instance& instance,
                                               bool alone) {
  AttemptRunner runner(executor_, scenario, instance, alone);
  if (!alone && shared_probed_) {
    runner.take_control_from_predecessor();
  }
  current_ = &runner;
  Attempt attempt = co_await runner.run();
  current_ = nullptr;
  if (!alone) {
    shared_probed_ = runner.probed_well() && attempt.verdict.outcome == Outcome::holds;
  }
  if (!alone && (!runner.healthy() || attempt.verdict.outcome != Outcome::holds) &&
      target_.launch) {
    // Whatever happened may have damaged it: nobody else is to suffer for that.
    shared_.instance->kill();
    shared_.instance.reset();
    held_on_shared_.clear();
  }
  co_return attempt;
}

bool TargetRunner::wants_another(const ScenarioResult& result) const {
  if (interrupted() || static_cast<int>(result.attempts.size()) > options_.retries) {
    return false;
  }
  const Outcome last = result.attempts.back().verdict.outcome;
  return last == Outcome::inconclusive || (last == Outcome::relapsed && options_.confirm_relapses);
}

asio::awaitable<void> TargetRunner::replay_shared(const Scenario& scenario) {
  ScenarioResult& result = results_[scenario.id];
  if (!shared_.instance) {
    Launched fresh = co_await launch(true);
    shared_ = std::move(fresh);
  }
  if (!shared_.ready) {
    result.attempts.push_back(failed_start(scenario, shared_.startup));
    finish(result);
    if (target_.launch) {
      shared_.instance.reset();
    }
    co_return;
  }
  control_held_ = true;
  Attempt first = co_await attempt(scenario, *shared_.instance, false);
  result.attempts.push_back(std::move(first));
  if (result.attempts.back().verdict.outcome == Outcome::holds) {
    held_on_shared_.push_back(&scenario);
  }
  if (target_.launch && wants_another(result)) {
    co_await replay_alone(scenario);
  } else {
    finish(result);
  }
}

asio::awaitable<void> TargetRunner::replay_alone(const Scenario& scenario) {
  ScenarioResult& result = results_[scenario.id];
  const bool own_start = starts_itself(scenario);
  do {
    Launched fresh = co_await launch(!own_start);
    if (fresh.ready) {
      Attempt next = co_await attempt(scenario, *fresh.instance, true);
      result.attempts.push_back(std::move(next));
    } else {
      result.attempts.push_back(failed_start(scenario, fresh.startup));
    }
  } while (wants_another(result));
  finish(result);
}

asio::awaitable<void> TargetRunner::end_shared() {
  if (!shared_.instance || !target_.launch) {
    co_return;
  }
  const std::string wrong = co_await shared_.instance->stop();
  shared_.instance.reset();
  if (wrong.empty() || interrupted()) {
    co_return;
  }
  // One of those who held left something behind: each shows alone whether it was the one.
  const auto suspects = std::move(held_on_shared_);
  for (const Scenario* suspect : suspects) {
    results_[suspect->id].attempts.clear();
    co_await replay_alone(*suspect);
  }
}

asio::awaitable<void> TargetRunner::learn_version() {
  if (target_.version_command.empty()) {
    co_return;
  }
  LaunchSpec spec;
  for (const std::string& word : target_.version_command) {
    spec.command.push_back(substitute(word, fixed_variables()));
  }
  if (target_.launch) {
    spec.cwd = target_.launch->cwd;
  }
  std::string first;
  Child::Handlers handlers;
  handlers.on_line = [&first](std::string line) {
    if (first.empty()) {
      first = std::move(line);
    }
  };
  handlers.on_exit = [](ExitStatus) {};
  handlers.on_output_end = [] {};
  auto child = co_await Child::launch(executor_, std::move(spec), std::move(handlers));
  if (child) {
    co_await (*child)->wait_exit(std::chrono::seconds{5});
    (*child).reset();
  }
  version_ = first;
}

asio::awaitable<void> TargetRunner::run(std::vector<const Scenario*> scenarios) {
  std::vector<const Scenario*> own;
  std::vector<const Scenario*> shared;
  for (const Scenario* scenario : scenarios) {
    ScenarioResult result = describe_result(*scenario, target_, options_.fault_name);
    const auto skip = skip_reason(*scenario, target_);
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
  for (const Scenario* scenario : shared) {
    if (interrupted()) {
      co_return;
    }
    co_await replay_shared(*scenario);
  }
  if (!own.empty() && !control_held_) {
    Launched fresh = co_await launch(true);
    shared_ = std::move(fresh);
    control_held_ = shared_.ready;
  }
  for (const Scenario* scenario : own) {
    if (interrupted()) {
      co_return;
    }
    if (control_held_) {
      co_await replay_alone(*scenario);
    } else {
      ScenarioResult& result = results_[scenario->id];
      result.attempts.push_back(failed_start(*scenario, shared_.startup));
      finish(result);
    }
  }
  co_await end_shared();
  co_await learn_version();
}

void TargetRunner::finish(ScenarioResult& result) {
  conclude(result);
  result.known = result.known && result.outcome == Outcome::relapsed;
  if (options_.on_result) {
    options_.on_result(result);
  }
}

void TargetRunner::abort() {
  if (current_ != nullptr) {
    current_->abort();
  }
}

TargetRun run_here(const Target& target, const std::vector<const Scenario*>& scenarios,
                   const TargetRunOptions& options) {
  asio::io_context context(1);
  TargetRunner runner(context.get_executor(), target, options);
  std::exception_ptr failure;
  asio::co_spawn(context, runner.run(scenarios), [&failure, &runner](std::exception_ptr thrown) {
    failure = thrown;
    runner.close();
  });
  int registration = 0;
  if (options.interrupt != nullptr) {
    registration = options.interrupt->add(
        [&context, &runner] { asio::post(context, [&runner] { runner.abort(); }); });
  }
  context.run();
  if (options.interrupt != nullptr) {
    options.interrupt->remove(registration);
  }
  if (failure) {
    std::rethrow_exception(failure);
  }
  TargetRun run;
  // A launched target has another port each time: there is no address to tell.
  const std::string address = target.launch ? "" : target.address;
  run.info = {target.id, target.title, address, runner.version(), options.fault_name};
  const auto parsed = parse_address(target.address);
  run.info.tls_unverified = parsed && parsed->tls() && !target.tls.verify;
  for (const Scenario* scenario : scenarios) {
    ScenarioResult& result = runner.results()[scenario->id];
    if (result.attempts.empty() && result.outcome != Outcome::skipped) {
      result.reason = "not run: interrupted";
    }
    run.results.push_back(std::move(result));
  }
  return run;
}

/// The fault's own build failed: every scenario is inconclusive, with what the build said.
TargetRun nothing_ran(const Target& target, const std::vector<const Scenario*>& scenarios,
                      const TargetRunOptions& options, const std::string& why) {
  TargetRun run;
  run.info = {target.id, target.title, "", "", options.fault_name};
  for (const Scenario* scenario : scenarios) {
    ScenarioResult result = describe_result(*scenario, target, options.fault_name);
    result.reason = why;
    result.known = false;
    run.results.push_back(std::move(result));
    if (options.on_result) {
      options.on_result(run.results.back());
    }
  }
  return run;
}

}  // namespace

TargetRun run_on_target(const Target& target, const std::vector<const Scenario*>& scenarios,
                        const TargetRunOptions& options) {
  std::unique_ptr<Worktree> worktree;
  Target rebased;
  const Target* launched = &target;
  if (options.fault != nullptr && options.fault->revision) {
    auto made = Worktree::make(*options.fault->revision);
    if (!made) {
      return nothing_ran(target, scenarios, options, made.error().message);
    }
    worktree = std::move(*made);
    rebased = worktree->rebase(target);
    launched = &rebased;
  }
  return run_here(*launched, scenarios, options);
}

}  // namespace relapse
