#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/blame.hpp"
#include "engine/stage.hpp"
#include "engine/target_run.hpp"
#include "model/conclude.hpp"

namespace relapse {

/// The result of a scenario on a target before its first attempt.
ScenarioResult describe_result(const Scenario& scenario, const Target& target,
                               const TargetRunOptions& options);

/// The order of all replays on one target:
///
///   on the shared process: every replay of every scenario that does not launch the target
///     -> where one does not hold: alone on a fresh one -> where it holds there: blame.hpp
///   stop of the shared process -> where that goes wrong: all that held there, alone
///   alone: every scenario that launches the target itself
class TargetRunner {
 public:
  TargetRunner(asio::any_io_executor executor, const Target& target,
               const TargetRunOptions& options)
      : options_(options),
        stage_(std::move(executor), target, options.fault, options.interrupt, options.plane,
               options.vault) {}

  asio::awaitable<void> run(std::vector<const Scenario*> scenarios);
  void abort() { stage_.abort(); }
  /// Lets go of what still runs, or the context would wait for it.
  void close() { shared_.instance.reset(); }
  std::map<std::string, ScenarioResult>& results() { return results_; }
  std::string version() const { return version_; }

 private:
  /// The replays of one scenario, as far as they are made.
  struct Course {
    const Scenario& scenario;
    bool always_alone = false;
    Duration linger{};  ///< how long the process must survive each replay
    int failed_starts = 0;
    bool stuck = false;  ///< the target does not start: no further replay
    std::optional<Disturbance> disturbance{};
  };

  std::vector<const Scenario*> sort(const std::vector<const Scenario*>& scenarios,
                                    std::vector<const Scenario*>& own);
  asio::awaitable<void> replay(Course course);
  asio::awaitable<std::string> blame(Course& course);
  bool excuse_late_fault(const Course& course);
  asio::awaitable<void> replay_points(Course& course);
  asio::awaitable<void> replay_point(Course& course, std::optional<Duration> point);
  asio::awaitable<Attempt> on_shared(Course& course, Replay replay);
  asio::awaitable<Attempt> on_fresh(Course& course, Replay replay);
  asio::awaitable<void> end_shared();
  void drop_shared();
  Tally tally(const Course& course, std::optional<Duration> point);
  bool more(const Course& course, std::optional<Duration> point);
  void finish(const Scenario& scenario, const std::string& note);

  const TargetRunOptions& options_;
  Stage stage_;
  std::map<std::string, ScenarioResult> results_;
  std::set<std::string> told_;  ///< results that on_result has had
  Launched shared_;
  bool shared_probed_ = false;  ///< the probes have just worked on the shared instance
  bool control_held_ = false;   ///< the target's own settings were seen to work in this run
  std::vector<Predecessor> held_on_shared_;
  std::string version_;
};

}  // namespace relapse
