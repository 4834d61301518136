#include "engine/stage.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "judge/judge.hpp"
#include "model/sweep.hpp"

namespace relapse {
namespace {

constexpr auto tok = asio::as_tuple(asio::use_awaitable);

}  // namespace

void Stage::abort() {
  if (current_ != nullptr) {
    current_->abort();
  }
  if (waiting_ != nullptr) {
    waiting_->cancel();
  }
}

/// A target that already runs is only looked at.
asio::awaitable<bool> Stage::reach(Launched& launched, Recorder& recorder) {
  const auto opened = co_await launched.instance->open_logs();
  if (!opened) {
    recorder.add("", HarnessFailed{opened.error().message});
    co_return false;
  }
  std::string why;
  const bool ready = co_await launched.instance->reachable(why);
  if (!ready) {
    const Address& address = launched.instance->address();
    recorder.add("main", ConnectFailed{address.host, std::atoi(address.port.c_str()), why});
  }
  co_return ready;
}

asio::awaitable<Launched> Stage::launch(bool start) {
  Launched launched;
  Recorder recorder(executor_);
  auto made = Instance::make(executor_, target_, fault_, plane_, vault_);
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
  if (!launchable()) {
    const bool reached = co_await reach(launched, recorder);
    launched.ready = reached;
    launched.startup = recorder.take();
    co_return launched;
  }
  launched.instance->attach(&recorder, true);
  const Start defaults;
  const Duration within = launched.instance->ready_within();
  const auto started = co_await launched.instance->start(recorder, defaults, within);
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

Attempt Stage::failed_start(const Replay& replay, const Timeline& startup) const {
  Attempt attempt;
  attempt.timeline = startup;
  attempt.timeline.scenario = replay.scenario->id;
  attempt.timeline.target = target_.id;
  attempt.verdict = judge(*replay.scenario, attempt.timeline);
  attempt.swept = replay.point;
  return attempt;
}

asio::awaitable<Stage::Done> Stage::replay(Replay replay, Instance& instance, How how) {
  Scenario fixed;
  const Scenario* scenario = replay.scenario;
  if (replay.point) {
    fixed = at_point(*scenario, *replay.point);
    scenario = &fixed;
  }
  AttemptRunner runner(executor_, *scenario, instance, how.alone);
  if (how.controlled) {
    runner.take_control_from_predecessor();
  }
  if (how.then != nullptr) {
    runner.then(*how.then);
  }
  // A follow-up replays something else meanwhile.
  AttemptRunner* const outer = current_;
  current_ = &runner;
  Attempt attempt = co_await runner.run();
  current_ = outer;
  Done done;
  done.attempt = std::move(attempt);
  done.attempt.swept = replay.point;
  done.healthy = runner.healthy();
  done.probed_well = runner.probed_well();
  co_return done;
}

asio::awaitable<void> Stage::wait(Duration duration) {
  if (duration <= Duration::zero() || interrupted()) {
    co_return;
  }
  asio::steady_timer timer(executor_, duration);
  waiting_ = &timer;
  co_await timer.async_wait(tok);
  waiting_ = nullptr;
}

asio::awaitable<std::string> Stage::version() {
  std::string first;
  if (target_.version_command.empty()) {
    co_return first;
  }
  LaunchSpec spec;
  for (const std::string& word : target_.version_command) {
    spec.command.push_back(substitute(word, fixed_variables()));
  }
  if (target_.launch) {
    spec.cwd = target_.launch->cwd;
  }
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
  co_return first;
}

}  // namespace relapse
