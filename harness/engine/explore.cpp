#include "engine/explore.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <map>
#include <numeric>
#include <set>

#include "drive/asgi_server.hpp"
#include "drive/performer.hpp"
#include "engine/applicable.hpp"
#include "engine/settle.hpp"
#include "engine/stage.hpp"

namespace relapse {
namespace {

/// A stretch of the scenario, as indices of steps: some in their own order, then a group. The last
/// stretch has no group.
struct Stretch {
  std::vector<std::size_t> before;
  std::vector<std::vector<std::size_t>> branches;
};

std::vector<Stretch> stretches_of(const Scenario& scenario) {
  std::vector<Stretch> stretches(1);
  for (std::size_t i = 0; i < scenario.steps.size();) {
    const int group = scenario.steps[i].group;
    if (group < 0) {
      stretches.back().before.push_back(i++);
      continue;
    }
    std::map<int, std::vector<std::size_t>> branches;
    for (; i < scenario.steps.size() && scenario.steps[i].group == group; ++i) {
      branches[scenario.steps[i].branch].push_back(i);
    }
    for (auto& [number, branch] : branches) {
      stretches.back().branches.push_back(std::move(branch));
    }
    stretches.emplace_back();
  }
  return stretches;
}

/// Puts the steps of added actors behind those of the scenario, and the actors into its groups.
void add_actors(Scenario& scenario, std::vector<Stretch>& stretches,
                const ExploreOptions& options) {
  const auto added = [&scenario](const std::string& lane, Action action) {
    Step step;
    step.lane = lane;
    step.action = std::move(action);
    scenario.steps.push_back(std::move(step));
    return scenario.steps.size() - 1;
  };
  for (std::size_t s = 0; s + 1 < stretches.size(); ++s) {
    std::vector<std::vector<std::size_t>>& branches = stretches[s].branches;
    std::set<std::string> lanes;
    for (const auto& branch : branches) {
      for (const std::size_t index : branch) {
        lanes.insert(scenario.steps[index].lane);
      }
    }
    for (const std::string& lane : lanes) {
      std::vector<std::size_t> actor;
      for (int i = 0; i < options.sends; ++i) {
        actor.push_back(added(lane, HoldSend{1}));
        actor.push_back(added(lane, ReleaseSend{}));
      }
      if (!actor.empty()) {
        branches.push_back(std::move(actor));
      }
    }
    for (const Duration pause : options.pauses) {
      branches.push_back({added("main", Pause{pause})});
    }
  }
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
        stretches_(stretches_of(scenario)) {
    add_actors(scenario_, stretches_, options_);
    for (const Stretch& stretch : stretches_) {
      std::vector<std::size_t> sizes;
      for (const auto& branch : stretch.branches) {
        sizes.push_back(branch.size());
      }
      groups_.push_back(std::move(sizes));
    }
  }

  asio::awaitable<void> run() {
    std::size_t turns = 0;
    for (const std::vector<std::size_t>& sizes : groups_) {
      turns = std::accumulate(sizes.begin(), sizes.end(), turns);
    }
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
    std::vector<std::size_t> steps;
    std::size_t taken = 0;
    for (const Stretch& stretch : stretches_) {
      steps.insert(steps.end(), stretch.before.begin(), stretch.before.end());
      std::vector<std::size_t> next(stretch.branches.size(), 0);
      std::size_t left = 0;
      for (const auto& branch : stretch.branches) {
        left += branch.size();
      }
      for (; left > 0 && taken < turns.size(); --left, ++taken) {
        const auto b = static_cast<std::size_t>(turns[taken]);
        steps.push_back(stretch.branches[b][next[b]++]);
      }
      if (taken == turns.size() && !whole) {
        break;  // what stands behind the last turn belongs to longer beginnings
      }
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
    const auto all = beginnings(groups_, length, options_.most - report_.replays + 1);
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
          shortest_ = order;
          report_.shortest.emplace();
          for (const std::size_t index : order) {
            report_.shortest->push_back({index, scenario_.steps[index]});
          }
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
    for (int i = 0; i < options_.again && !stage_.interrupted(); ++i) {
      const Attempt attempt = co_await replay(shortest_, whole_);
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
      recorder.timeline().complete = !performer->aborted() && !stage_.interrupted();
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
  Scenario scenario_;  ///< with the steps of added actors behind its own
  const ExploreOptions& options_;
  Stage stage_;
  std::vector<Stretch> stretches_;
  std::vector<std::vector<std::size_t>> groups_;  ///< sizes of their branches
  std::vector<std::size_t> shortest_;
  Launched launched_;
  bool whole_ = false;
  ExploreReport report_;
};

void extend(const std::vector<std::vector<std::size_t>>& groups, std::size_t group,
            std::vector<std::size_t> left, std::size_t length, std::size_t most,
            std::vector<int>& turns, std::vector<std::vector<int>>& all) {
  if (turns.size() == length) {
    all.push_back(turns);
    return;
  }
  while (std::accumulate(left.begin(), left.end(), std::size_t{0}) == 0) {
    if (++group >= groups.size()) {
      return;
    }
    left = groups[group];
  }
  for (std::size_t branch = 0; branch < left.size() && all.size() < most; ++branch) {
    if (left[branch] > 0) {
      std::vector<std::size_t> rest = left;
      --rest[branch];
      turns.push_back(static_cast<int>(branch));
      extend(groups, group, std::move(rest), length, most, turns, all);
      turns.pop_back();
    }
  }
}

}  // namespace

std::vector<std::vector<int>> beginnings(const std::vector<std::vector<std::size_t>>& groups,
                                         std::size_t length, std::size_t most) {
  std::vector<std::vector<int>> all;
  std::vector<int> turns;
  extend(groups, 0, groups.empty() ? std::vector<std::size_t>{} : groups.front(), length, most,
         turns, all);
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
