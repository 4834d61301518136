#pragma once
#include <map>
#include <string>
#include <vector>

#include "drive/asgi_lanes.hpp"
#include "drive/asgi_script.hpp"
#include "drive/instance.hpp"
#include "drive/performer.hpp"

namespace relapse {

/// Performs the steps of a plan on the ASGI plane. Steps go to the bridge as one script as far as
/// that can judge for itself whether to go on: up to an expectation whose pattern is more than
/// plain values, or that captures or steps over something.
///
/// Branches of a `together` take turns, a step each, in the order of the file; an expectation that
/// is not fulfilled yet lets the others go first. So the order of a replay is always the same.
class AsgiReplayer : public Performer {
 public:
  AsgiReplayer(asio::any_io_executor executor, Plan plan, Instance& instance, Recorder& recorder);

  asio::awaitable<void> run() override;
  asio::awaitable<void> finish() override;
  void abort() override;
  bool aborted() const override { return aborted_; }

 private:
  asio::awaitable<bool> perform(std::size_t index);
  asio::awaitable<bool> act(const Step& step, int index);
  asio::awaitable<bool> expect(const Step& step, const Expect& expect);
  asio::awaitable<bool> await_match(const Step& step, const Expect& expect);
  asio::awaitable<bool> await_silence(const Expect& expect);
  asio::awaitable<bool> start(const Step& step, const Start& start);
  asio::awaitable<bool> run_together(std::vector<std::vector<std::size_t>> branches);
  /// Whether the step can be taken now without waiting.
  asio::awaitable<bool> is_due(std::size_t index);
  /// Lets the bridge do what the script says. False when the replay cannot go on.
  asio::awaitable<bool> flush(bool last = false);
  asio::awaitable<void> on_blocked();
  asio::awaitable<void> on_gone();
  bool add_to_script(const Step& step);
  bool add_expectation(const Step& step, const Expect& expect);
  void watch();
  Duration within(const Step& step) const;
  std::size_t cursor(const Selector& selector);
  void move_cursor(const Selector& selector, std::size_t behind);
  Step resolved(std::size_t index) const;

  asio::any_io_executor executor_;
  Plan plan_;
  Instance& instance_;
  Recorder& recorder_;
  AsgiLanes lanes_;
  AsgiScript script_;
  Variables captured_;
  std::map<std::string, int> taken_;           ///< outcomes of the lane's call that were expected
  std::map<std::string, std::size_t> behind_;  ///< events that were expected, by kind of cursor
  Clock::time_point budget_end_;
  asio::steady_timer watchdog_;
  bool begun_ = false;      ///< a play was opened
  bool play_over_ = false;  ///< and closed again
  bool over_ = false;       ///< the bridge is gone or blocked
  bool aborted_ = false;
};

}  // namespace relapse
