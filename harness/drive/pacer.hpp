#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <deque>

#include "drive/recorder.hpp"

namespace relapse {

/// Lets at most so many things happen in any one second: each waits for its turn, in the order of
/// asking; nothing is dropped. One executor, no locks.
class Pacer {
 public:
  /// `per_second` below 1: no limit.
  Pacer(asio::any_io_executor executor, double per_second);
  /// Takes the next turn: when it may happen.
  Clock::time_point reserve();
  /// Takes the next turn and returns when it has come, with how long that took.
  asio::awaitable<Duration> turn();

 private:
  asio::any_io_executor executor_;
  std::size_t limit_;
  std::deque<Clock::time_point> turns_;  ///< the last `limit_` of them, some still to come
};

}  // namespace relapse
