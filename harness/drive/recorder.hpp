#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <list>
#include <map>
#include <string>
#include <vector>

#include "model/timeline.hpp"

namespace relapse {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

/// Wakes every coroutine that waits for something to change. One executor, no locks.
class Notifier {
 public:
  explicit Notifier(asio::any_io_executor executor) : executor_(std::move(executor)) {}
  void notify();
  /// Returns at the next notify() or at the deadline, whichever is first.
  asio::awaitable<void> wait_until(Clock::time_point deadline);

 private:
  asio::any_io_executor executor_;
  std::list<asio::steady_timer*> waiting_;
};

/// Writes the timeline while it happens. The only place that numbers and times events.
class Recorder {
 public:
  explicit Recorder(asio::any_io_executor executor);

  /// Appends one event: of the step that runs on that connection, when steps run side by side, and
  /// of the current step otherwise.
  void add(std::string lane, Payload payload);
  /// Appends one event of this step, whatever runs on the connection.
  void add(int step, std::string lane, Payload payload);
  /// One step runs alone.
  void set_step(int step);
  /// One step runs beside others; these are the connections of its branch.
  void set_step(int step, const std::vector<std::string>& lanes);
  int step() const { return step_; }

  const std::vector<Event>& events() const { return timeline_.events; }
  Timeline& timeline() { return timeline_; }
  Notifier& changed() { return changed_; }
  /// Called with every event, for live output.
  void on_event(std::function<void(const Event&)> listener) { listener_ = std::move(listener); }

 private:
  Timeline timeline_;
  Clock::time_point start_;
  int step_ = -1;  ///< began last
  std::map<std::string, int> lane_steps_;
  Notifier changed_;
  std::function<void(const Event&)> listener_;
};

}  // namespace relapse
