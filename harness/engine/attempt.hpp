#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <functional>

#include "drive/instance.hpp"
#include "drive/performer.hpp"
#include "model/run.hpp"
#include "model/scenario.hpp"

namespace relapse {

/// What is done on the same process after the probes of a replay, as one more of them.
class FollowUp {
 public:
  FollowUp() = default;
  FollowUp(const FollowUp&) = delete;
  FollowUp& operator=(const FollowUp&) = delete;
  virtual ~FollowUp() = default;
  virtual asio::awaitable<Probed> run() = 0;
};

/// One replay of one scenario on one instance, from the control to the verdict:
///
///   probes before -> log mark -> steps -> polite end -> log mark -> probes after [-> stop]
///
/// The scenario's log window lies between the two marks; what the probes cause is marked as aside.
class AttemptRunner {
 public:
  AttemptRunner(asio::any_io_executor executor, const Scenario& scenario, Instance& instance,
                bool alone)
      : executor_(std::move(executor)),
        scenario_(scenario),
        instance_(instance),
        alone_(alone),
        recorder_(executor_) {}

  /// `alone`: the instance is this attempt's own, so its stop is part of the evidence.
  asio::awaitable<Attempt> run();
  /// The probes after the previous scenario, which ran on this very process a moment ago and all
  /// worked, are this one's control.
  void take_control_from_predecessor() { controlled_before_ = true; }
  /// `follow_up` must outlive the run.
  void then(FollowUp& follow_up) { follow_up_ = &follow_up; }
  /// Every probe after the steps ran and worked.
  bool probed_well() const { return probed_well_; }
  /// Ends the steps at once; the timeline is then marked as incomplete.
  void abort();
  /// Whether the instance may serve further scenarios.
  bool healthy() const { return healthy_; }

 private:
  asio::awaitable<bool> control();
  asio::awaitable<bool> probe(bool before);
  asio::awaitable<bool> probe_all(bool before);
  asio::awaitable<bool> identify(bool before);
  void record_pace(bool before);
  asio::awaitable<void> replay();
  asio::awaitable<void> aftermath();
  asio::awaitable<void> stop();

  asio::any_io_executor executor_;
  const Scenario& scenario_;
  Instance& instance_;
  bool alone_;
  Recorder recorder_;
  std::unique_ptr<Performer> replayer_;
  FollowUp* follow_up_ = nullptr;
  bool aborted_ = false;
  bool healthy_ = true;
  bool controlled_before_ = false;
  bool probed_well_ = false;
  bool identified_ = false;  ///< the target's identity was read before the first step
  bool paced_ = false;       ///< the instance's round trip was measured for this attempt
};

}  // namespace relapse
