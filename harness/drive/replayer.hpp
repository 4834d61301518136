#pragma once
#include <exception>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "drive/connection.hpp"
#include "drive/instance.hpp"
#include "drive/performer.hpp"
#include "drive/plan.hpp"
#include "drive/recorder.hpp"

namespace relapse {

/// Performs the steps of a plan in order, the branches of a `together` side by side, and writes
/// what happens to the recorder. It judges
/// nothing: an expectation that cannot come true any more only ends the replay, since the steps
/// behind it were written for a target that had fulfilled it.
class Replayer : public Performer {
 public:
  Replayer(asio::any_io_executor executor, Plan plan, Instance& instance, Recorder& recorder);

  /// Runs until the last step, the first unfulfilled expectation or the scenario's budget.
  asio::awaitable<void> run() override;
  /// Ends every connection politely.
  asio::awaitable<void> finish() override;
  /// Ends everything at once: the run was interrupted.
  void abort() override;
  bool aborted() const override { return aborted_; }

 private:
  /// Neighbouring steps that run one after another.
  struct Branch {
    std::vector<std::size_t> steps;
    std::vector<std::string> lanes;  ///< its own; empty when nothing runs beside it
  };
  /// How the branches of a group come to their ends.
  struct Joined {
    std::size_t running = 0;
    bool satisfied = true;
    std::exception_ptr failure;
    void on_end(std::exception_ptr thrown, bool branch_satisfied);
  };

  /// The branches of the group that begins at this step; behind it.
  std::vector<Branch> branches_from(std::size_t first, std::size_t& behind) const;
  asio::awaitable<bool> run_branch(Branch branch);
  asio::awaitable<bool> run_together(std::vector<Branch> branches);
  /// `index` is the step's, for what is recorded.
  asio::awaitable<bool> perform(Step step, int index);
  asio::awaitable<bool> send(const Step& step, const Send& send);
  asio::awaitable<bool> expect(const Step& step, const Expect& expect, int index);
  asio::awaitable<bool> start(const Step& step, const Start& start);
  asio::awaitable<bool> stop(const Step& step, int index);
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
  Notifier ended_;  ///< a pause need not last when nothing follows it
};

}  // namespace relapse
