#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <list>
#include <map>
#include <string>
#include <vector>

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

/// How much of what passes over the wire and through the log one replay keeps. A target that sends
/// without end costs no more than this; what it sent beyond is counted.
struct RecordLimits {
  std::size_t events = 20'000;
  std::uint64_t octets = std::uint64_t{64} << 20;
};

/// Writes the timeline while it happens. The only place that numbers and times events.
///
/// Bounded: the first message, frame, raw octets or log entry beyond the limits is left out, and so
/// is every later one, even when it would fit: what is kept is the whole story up to one moment.
/// An Overflowed without numbers marks that moment; one with the totals ends the record. Events
/// that are few by nature (step marks, deadlines, ends, probes, log marks, the process's life) are
/// always kept.
class Recorder {
 public:
  explicit Recorder(asio::any_io_executor executor, RecordLimits limits = RecordLimits());

  /// Appends one event, or counts it when the record is full: of the step that runs on that
  /// connection, when steps run side by side, and of the current step otherwise.
  void add(std::string lane, Payload payload);
  /// The same for an event of this step, whatever runs on the connection.
  void add(int step, std::string lane, Payload payload);
  /// The same for what happened elsewhere at this time of the steady clock.
  void add_at(std::int64_t steady_ns, int step, std::string lane, Payload payload);
  /// What take() keeps out of the record; the secrets outlive this.
  void keep_out(const Secrets& secrets) { secrets_ = &secrets; }
  /// Something was left out.
  bool full() const { return full_; }
  /// Ends the record: says how much was left out, and gives the timeline away, redacted.
  Timeline take();
  /// The same as it was seen: only to be judged and redacted at once.
  Timeline take_unredacted();
  /// One step runs alone.
  void set_step(int step);
  /// One step runs beside others; these are the connections of its branch.
  void set_step(int step, const std::vector<std::string>& lanes);
  int step() const { return step_; }

  /// As they were seen: what is expected and captured is the truth.
  const std::vector<Event>& events() const { return timeline_.events; }
  Timeline& timeline() { return timeline_; }
  Notifier& changed() { return changed_; }

 private:
  bool fits(const Payload& payload);
  void append(Clock::time_point at, int step, std::string lane, Payload payload);

  Timeline timeline_;
  RecordLimits limits_;
  std::size_t kept_events_ = 0;
  std::uint64_t kept_octets_ = 0;
  bool full_ = false;
  Overflowed left_out_;
  Clock::time_point start_;
  int step_ = -1;  ///< began last
  std::map<std::string, int> lane_steps_;
  Notifier changed_;
  const Secrets* secrets_ = nullptr;
};

}  // namespace relapse
