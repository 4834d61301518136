#pragma once
#include <atomic>
#include <functional>
#include <map>
#include <mutex>

namespace relapse {

/// Ctrl-C reaches every running replay through this: thread-safe, one for a whole run.
class Interrupt {
 public:
  bool requested() const { return requested_; }
  /// Runs every registered callback (each posts to its own executor). Callable from any thread.
  void request() {
    requested_ = true;
    const std::scoped_lock lock(mutex_);
    for (const auto& [id, callback] : callbacks_) {
      callback();
    }
  }
  int add(std::function<void()> callback) {
    const std::scoped_lock lock(mutex_);
    callbacks_.emplace(++last_, std::move(callback));
    return last_;
  }
  void remove(int id) {
    const std::scoped_lock lock(mutex_);
    callbacks_.erase(id);
  }

 private:
  std::atomic<bool> requested_{false};
  std::mutex mutex_;
  std::map<int, std::function<void()>> callbacks_;
  int last_ = 0;
};

}  // namespace relapse
