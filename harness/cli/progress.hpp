#pragma once
#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "model/run.hpp"

namespace relapse {

/// How far a run is: what is done, what runs now and since when. Pure: the time is told.
///
///   [212/412] 3 fail · 1 flaky · 02:10, about 2 min left · running: ws-slowloris 8 s, ...
class RunProgress {
 public:
  using Time = std::chrono::steady_clock::time_point;

  RunProgress(std::size_t planned, Time begin) : planned_(planned), begin_(begin) {}

  void started(const std::string& scenario, const std::string& target, Time now);
  void finished(const ScenarioResult& result, Time now);

  /// At most `columns` cells.
  std::string line(Time now, std::size_t columns, bool unicode) const;
  /// The same for a log: never cut.
  std::string log_line(Time now, bool unicode) const;
  /// Everything that runs now, one a line; says so when that is nothing.
  std::string running_now(Time now, bool unicode) const;

  std::size_t done() const { return done_; }
  std::size_t planned() const { return planned_; }
  int relapsed() const { return relapsed_; }

 private:
  struct Running {
    std::string scenario;
    std::string target;
    Time since;
  };
  std::string head(Time now) const;
  std::string remaining(Time now) const;

  std::size_t planned_;
  Time begin_;
  std::size_t done_ = 0;
  std::size_t skipped_ = 0;
  int relapsed_ = 0, known_ = 0, flaky_ = 0, inconclusive_ = 0;
  std::vector<Running> running_;
};

/// When a run that is written to a log says how far it is: after 30 s, or after 10 % more of it
/// when at least 5 s have passed.
class LogPace {
 public:
  explicit LogPace(RunProgress::Time begin) : last_(begin) {}
  bool due(const RunProgress& progress, RunProgress::Time now);

 private:
  RunProgress::Time last_;
  std::size_t done_ = 0;
};

}  // namespace relapse
