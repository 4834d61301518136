#pragma once
#include <thread>

#include "engine/interrupt.hpp"

namespace relapse {

/// Turns SIGINT and SIGTERM into a request to stop, for as long as it lives. A second signal ends
/// the process at once (the supervisors then end every target). Made before any other thread, since
/// it blocks the signals for the threads that come after.
class SignalWatch {
 public:
  explicit SignalWatch(Interrupt& interrupt);
  SignalWatch(const SignalWatch&) = delete;
  SignalWatch& operator=(const SignalWatch&) = delete;
  ~SignalWatch();
  /// The signal that came; 0: none.
  int caught() const { return caught_; }

 private:
  void watch();

  Interrupt& interrupt_;
  std::atomic<int> caught_{0};
  std::atomic<bool> done_{false};
  std::thread thread_;
};

}  // namespace relapse
