#include "engine/explore.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <map>
#include <numeric>

#include "drive/asgi_server.hpp"
#include "drive/performer.hpp"
#include "engine/applicable.hpp"
#include "engine/settle.hpp"
#include "engine/stage.hpp"

namespace relapse {
namespace {

/// The first group of the scenario and what stands around it, as indices of steps.
struct Actors {
  std::vector<std::size_t> before;
  std::vector<std::vector<std::size_t>> branches;
  std::vector<std::size_t> behind;

  std::size_t turns() const {
    return std::accumulate(branches.begin(), branches.end(), std::size_t{0},
                           [](std::size_t sum, const auto& branch) { return sum + branch.size(); });
  }
};

Actors actors_of(const Scenario& scenario) {
  Actors actors;
  std::optional<int> group;
  std::map<int, std::vector<std::size_t>> branches;
  for (std::size_t i = 0; i < scenario.steps.size(); ++i) {
    const Step& step = scenario.steps[i];
    if (step.group >= 0 && !group) {
      group = step.group;
    }
    if (group && step.group == *group) {
      branches[step.branch].push_back(i);
    } else {
      (group ? actors.behind : actors.before).push_back(i);
    }
  }
  for (auto& [number, branch] : branches) {
    actors.branches.push_back(std::move(branch));
  }
  return actors;
}

class Explorer {
 public:
  Explorer(asio::any_io_executor executor, const Scenario& scenario, const Target& target,
           const ExploreOptions& options)
      : executor_(executor),
        scenario_(scenario),
        options_(options),
        stage_(std::move(executor), target, options.fault, options.interrupt, Plane::asgi,
               options.vault),
        actors_(actors_of(scenario)) {}

  asio::awaitable<void> run() {
    const std::size_t turns = actors_.turns();
    bool all = true;
    for (std::size_t length = 0; length <= turns && !report_.shortest && all; ++length) {
      all = co_await explore_length(length, length == turns);
    }
    // Behind a length at which one relapses nothing is looked for.
    report_.complete = all;
    if (report_.shortest) {
      co_await repeat();
    }
    launched_.instance.reset();
  }
  ExploreReport take() { return std::move(report_); }

 private:
  bool going() const {
    return !stage_.interrupted() && report_.failure.empty() && report_.replays < options_.most;
  }

  std::vector<std::size_t> steps_of(const std::vector<int>& turns, bool whole) const {
    std::vector<std::size_t> steps = actors_.before;
    std::vector<std::size_t> next(actors_.branches.size(), 0);
    for (const int branch : turns) {
      const auto b = static_cast<std::size_t>(branch);
      steps.push_back(actors_.branches[b][next[b]++]);
    }
    if (whole) {
      steps.insert(steps.end(), actors_.behind.begin(), actors_.behind.end());
    }
    return steps;
  }

  Scenario variant(const std::vector<std::size_t>& order, bool whole) const {
    Scenario made = scenario_;
    made.steps.clear();
    for (const std::size_t index : order) {
      Step step = scenario_.steps[index];
      step.group = -1;
      step.branch = 0;
      made.steps.push_back(std::move(step));
    }
    made.guards.liveness = false;  // one process serves all orders; that it lives is seen each time
    if (!whole) {
      std::erase_if(made.claims,
                    [](const Claim& claim) { return claim.kind != Claim::Kind::never; });
    }
    return made;
  }

  /// False when not all of this length could be tried.
  asio::awaitable<bool> explore_length(std::size_t length, bool whole) {
    std::vector<std::size_t> sizes;
    for (const auto& branch : actors_.branches) {
      sizes.push_back(branch.size());
    }
    const auto all = beginnings(sizes, length, options_.most - report_.replays + 1);
    for (const std::vector<int>& turns : all) {
      if (!going()) {
        co_return false;
      }
      const std::vector<std::size_t> order = steps_of(turns, whole);
      Attempt attempt = co_await replay(order, whole);
      ++report_.replays;
      report_.orders += whole ? 1 : 0;
      if (attempt.verdict.outcome == Outcome::relapsed) {
        ++report_.relapsed;
        if (!report_.shortest) {
          report_.shortest = order;
          report_.evidence = std::move(attempt);
          whole_ = whole;
        }
      } else if (attempt.verdict.outcome == Outcome::inconclusive) {
        ++report_.inconclusive;
        if (report_.failure.empty() && report_.replays == report_.inconclusive) {
          report_.failure = attempt.verdict.reason;  // the very first one could show nothing
        }
      }
    }
    co_return true;
  }

  asio::awaitable<void> repeat() {
    const std::vector<std::size_t> order = *report_.shortest;
    for (int i = 0; i < options_.again && !stage_.interrupted(); ++i) {
      const Attempt attempt = co_await replay(order, whole_);
      ++report_.again;
      report_.reproduced += attempt.verdict.outcome == Outcome::relapsed ? 1 : 0;
    }
  }

  asio::awaitable<Attempt> replay(std::vector<std::size_t> order, bool whole) {
    const Scenario one = variant(order, whole);
    if (!launched_.instance || !launched_.instance->running()) {
      Launched fresh = co_await stage_.launch(true);
      launched_ = std::move(fresh);
    }
    if (!launched_.ready) {
      const Replay failed{&one, std::nullopt};
      co_return stage_.failed_start(failed, launched_.startup);
    }
    Instance& instance = *launched_.instance;
    Recorder recorder(executor_);
    recorder.timeline().scenario = one.id;
    recorder.timeline().target = instance.target().id;
    recorder.timeline().fault_signatures = instance.target().fault_signatures;
    instance.attach(&recorder, false);
    co_await instance.mark_log(recorder);
    auto plan = make_plan(one, instance);
    if (!plan) {
      recorder.add("", HarnessFailed{plan.error().message});
    } else {
      recorder.timeline().variables = plan->variables;
      const auto performer = make_performer(executor_, std::move(*plan), instance, recorder);
      co_await performer->run();
      co_await performer->finish();
      recorder.timeline().complete = !performer->aborted();
    }
    co_await instance.mark_log(recorder);
    instance.attach(nullptr, false);
    Attempt attempt;
    const bool complete = recorder.timeline().complete;
    Timeline seen = recorder.take_unredacted();
    seen.complete = complete;
    Settled settled = settle(one, std::move(seen), instance.secrets());
    attempt.timeline = std::move(settled.timeline);
    attempt.verdict = std::move(settled.verdict);
    co_return attempt;
  }

  asio::any_io_executor executor_;
  const Scenario& scenario_;
  const ExploreOptions& options_;
  Stage stage_;
  Actors actors_;
  Launched launched_;
  bool whole_ = false;
  ExploreReport report_;
};

void extend(const std::vector<std::size_t>& left, std::size_t length, std::size_t most,
            std::vector<int>& turns, std::vector<std::vector<int>>& all) {
  if (turns.size() == length) {
    all.push_back(turns);
    return;
  }
  for (std::size_t branch = 0; branch < left.size() && all.size() < most; ++branch) {
    if (left[branch] > 0) {
      std::vector<std::size_t> rest = left;
      --rest[branch];
      turns.push_back(static_cast<int>(branch));
      extend(rest, length, most, turns, all);
      turns.pop_back();
    }
  }
}

}  // namespace

std::vector<std::vector<int>> beginnings(const std::vector<std::size_t>& sizes, std::size_t length,
                                         std::size_t most) {
  std::vector<std::vector<int>> all;
  std::vector<int> turns;
  extend(sizes, length, most, turns, all);
  return all;
}

ExploreReport explore(const Scenario& scenario, const Target& target,
                      const ExploreOptions& options) {
  const auto begin = std::chrono::steady_clock::now();
  ExploreReport report;
  if (auto why = skip_reason(scenario, target, Plane::asgi)) {
    report.failure = *why;
    return report;
  }
  asio::io_context context(1);
  Explorer explorer(context.get_executor(), scenario, target, options);
  std::exception_ptr failure;
  asio::co_spawn(context, explorer.run(),
                 [&failure](std::exception_ptr thrown) { failure = thrown; });
  context.run();
  if (failure) {
    std::rethrow_exception(failure);
  }
  report = explorer.take();
  report.duration = std::chrono::steady_clock::now() - begin;
  return report;
}

}  // namespace relapse
