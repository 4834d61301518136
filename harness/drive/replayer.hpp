#pragma once
#include <map>
#include <memory>
#include <string>

#include "drive/connection.hpp"
#include "drive/instance.hpp"
#include "drive/plan.hpp"
#include "drive/recorder.hpp"

namespace relapse {

/// Performs the steps of a plan in order and writes what happens to the recorder. It judges
/// nothing: an expectation that cannot come true any more only ends the replay, since the steps
/// behind it were written for a target that had fulfilled it.
class Replayer {
 public:
  Replayer(asio::any_io_executor executor, Plan plan, Instance& instance, Recorder& recorder);

  /// Runs until the last step, the first unfulfilled expectation or the scenario's budget.
  asio::awaitable<void> run();
  /// Ends every connection politely.
  asio::awaitable<void> finish();
  /// Ends everything at once: the run was interrupted.
  void abort();
  bool aborted() const { return aborted_; }

 private:
  asio::awaitable<bool> perform(Step step);
  asio::awaitable<bool> send(const Step& step, const Send& send);
  asio::awaitable<bool> expect(const Step& step, const Expect& expect);
  asio::awaitable<bool> start(const Step& step, const Start& start);
  asio::awaitable<bool> stop(const Step& step);
  asio::awaitable<void> pause(Duration duration);
  /// Waits until the target's limits allow one more connection or request. The wait is the
  /// harness's own: the budget grows by it.
  asio::awaitable<void> turn();
  void watch();
  asio::awaitable<std::shared_ptr<Connection>> connection(std::string lane, Duration timeout);
  Duration within(const Step& step) const;
  Clock::time_point deadline(Duration within) const;
  std::size_t& cursor(const Selector& selector);
  bool out_of_reach(const Expect& expect) const;

  asio::any_io_executor executor_;
  Plan plan_;
  Instance& instance_;
  Recorder& recorder_;
  Variables captured_;
  std::map<std::string, std::shared_ptr<Connection>> connections_;
  std::map<std::string, std::size_t> cursors_;
  Clock::time_point budget_end_;
  asio::steady_timer watchdog_;
  bool aborted_ = false;
};

}  // namespace relapse
