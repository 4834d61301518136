#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <memory>

#include "drive/plan.hpp"
#include "drive/recorder.hpp"

namespace relapse {

/// Performs the steps of a plan on one of the planes and writes what happens to a recorder.
class Performer {
 public:
  Performer() = default;
  Performer(const Performer&) = delete;
  Performer& operator=(const Performer&) = delete;
  virtual ~Performer() = default;

  /// Until the last step, the first unfulfilled expectation or the scenario's budget.
  virtual asio::awaitable<void> run() = 0;
  /// Ends politely what the steps have left open.
  virtual asio::awaitable<void> finish() = 0;
  /// Ends everything at once: the run was interrupted, or the budget is used up.
  virtual void abort() = 0;
  virtual bool aborted() const = 0;
};

/// For the instance's plane.
std::unique_ptr<Performer> make_performer(asio::any_io_executor executor, Plan plan,
                                          Instance& instance, Recorder& recorder);

}  // namespace relapse
