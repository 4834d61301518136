#pragma once
#include <atomic>
#include <functional>
#include <mutex>
#include <thread>

#include "engine/interrupt.hpp"

namespace relapse {

/// Turns SIGINT and SIGTERM into a request to stop, for as long as it lives. A second signal ends
/// the process at once (the supervisors then end every target). SIGUSR1 asks what runs now. Made
/// before any other thread, since it blocks the signals for the threads that come after.
class SignalWatch {
 public:
  explicit SignalWatch(Interrupt& interrupt);
  SignalWatch(const SignalWatch&) = delete;
  SignalWatch& operator=(const SignalWatch&) = delete;
  ~SignalWatch();
  /// The signal that came; 0: none.
  int caught() const { return caught_; }
  /// What SIGUSR1 calls, on another thread; nothing: it is ignored. Returns when the one before is
  /// not being called any more.
  void on_question(std::function<void()> answer);
  /// What is done before a second signal ends the process.
  void on_end(std::function<void()> last);

 private:
  void watch();

  Interrupt& interrupt_;
  std::atomic<int> caught_{0};
  std::atomic<bool> done_{false};
  std::mutex mutex_;
  std::function<void()> answer_;
  std::function<void()> last_;
  std::thread thread_;
};

}  // namespace relapse
