#pragma once
#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <utility>

namespace relapse {

/// Ctrl-C reaches every running replay through this: thread-safe, one for a whole run.
class Interrupt {
 public:
  bool requested() const { return requested_; }
  /// Runs every registered callback (each posts to its own executor). Callable from any thread.
  /// `why` is said of what did not run then; empty: a signal. The first reason stays.
  void request(std::string why = {}) {
    const std::scoped_lock lock(mutex_);
    if (!requested_) {
      why_ = std::move(why);
    }
    requested_ = true;
    for (const auto& [id, callback] : callbacks_) {
      callback();
    }
  }
  /// Why the run was ended by its own rules; "" when a signal ended it.
  std::string why() const {
    const std::scoped_lock lock(mutex_);
    return why_;
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
  mutable std::mutex mutex_;
  std::string why_;
  std::map<int, std::function<void()>> callbacks_;
  int last_ = 0;
};

}  // namespace relapse
