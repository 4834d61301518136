#pragma once
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <optional>
#include <string>

#include "engine/attempt.hpp"
#include "engine/interrupt.hpp"
#include "model/target.hpp"

namespace relapse {

/// A fresh instance and what its start looked like.
struct Launched {
  std::unique_ptr<Instance> instance{};
  Timeline startup{};
  bool ready = false;
};

/// One replay to be made: a scenario, at a point of its sweep when it has one.
struct Replay {
  const Scenario* scenario = nullptr;
  std::optional<Duration> point{};
};

/// Where the scenarios of one target are replayed: launches instances of it, and runs one replay
/// at a time, which an interruption ends.
class Stage {
 public:
  Stage(asio::any_io_executor executor, const Target& target, const Fault* fault,
        Interrupt* interrupt, Plane plane, std::shared_ptr<Vault> vault)
      : executor_(std::move(executor)),
        target_(target),
        fault_(fault),
        interrupt_(interrupt),
        plane_(plane),
        vault_(std::move(vault)) {}

  asio::any_io_executor executor() const { return executor_; }
  const Target& target() const { return target_; }
  Plane plane() const { return plane_; }
  bool launchable() const { return plane_ == Plane::asgi || target_.launch.has_value(); }
  bool interrupted() const { return interrupt_ != nullptr && interrupt_->requested(); }
  void abort();

  /// `start` false: for a scenario that starts it itself.
  asio::awaitable<Launched> launch(bool start);
  /// What a scenario shows on a target that did not start.
  Attempt failed_start(const Replay& replay, const Timeline& startup) const;

  /// What is not the same in every replay.
  struct How {
    bool alone = false;
    bool controlled = false;  ///< the probes have just worked on this very process
    FollowUp* then = nullptr;
  };
  struct Done {
    Attempt attempt{};
    bool healthy = false;      ///< the instance may serve further scenarios
    bool probed_well = false;  ///< every probe after the steps ran and worked
  };
  asio::awaitable<Done> replay(Replay replay, Instance& instance, How how);
  asio::awaitable<void> wait(Duration duration);

  /// What the target's version command prints first; "" when it has none.
  asio::awaitable<std::string> version();

 private:
  asio::awaitable<bool> reach(Launched& launched, Recorder& recorder);

  asio::any_io_executor executor_;
  const Target& target_;
  const Fault* fault_;
  Interrupt* interrupt_;
  Plane plane_;
  std::shared_ptr<Vault> vault_;
  AttemptRunner* current_ = nullptr;
  asio::steady_timer* waiting_ = nullptr;
};

}  // namespace relapse
