#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <list>
#include <string>

#include "drive/secrets.hpp"
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

  /// Appends one event of the current step.
  void add(std::string lane, Payload payload);
  /// Redacts every event before it is kept; the secrets outlive this.
  void keep_out(const Secrets& secrets) { secrets_ = &secrets; }
  void set_step(int step) { step_ = step; }
  int step() const { return step_; }

  const std::vector<Event>& events() const { return timeline_.events; }
  Timeline& timeline() { return timeline_; }
  Notifier& changed() { return changed_; }
  /// Called with every event, for live output.
  void on_event(std::function<void(const Event&)> listener) { listener_ = std::move(listener); }

 private:
  Timeline timeline_;
  Clock::time_point start_;
  int step_ = -1;
  Notifier changed_;
  std::function<void(const Event&)> listener_;
  const Secrets* secrets_ = nullptr;
};

}  // namespace relapse
