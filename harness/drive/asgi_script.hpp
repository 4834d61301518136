#pragma once
#include <optional>
#include <string_view>

#include "base/text.hpp"
#include "codec/marshal.hpp"

namespace relapse {

/// What the bridge is to do, in the words of drive/asgi/bridge.py: one list of actions, encoded as
/// they are added. Between two actions the application runs until it can run no further.
class AsgiScript {
 public:
  enum class Outcome { any, sent, returned, raised };

  /// The events that follow belong to this step.
  void step(int index);
  /// `keep`: the call outlives the play.
  void call(std::string_view lane, const Json& scope, bool keep);
  void feed(std::string_view lane, const Json& event);
  void disconnect(std::string_view lane, std::optional<int> code, std::string_view reason);
  /// nth 0: every one from now on.
  void fail_send(std::string_view lane, int nth, std::string_view raises, std::string_view text);
  void hold_send(std::string_view lane, int nth);
  void release_send(std::string_view lane);
  void cancel(std::string_view lane);
  /// Goes on when the call has had its n-th outcome, if that is of this kind and, for what it sent,
  /// has these values under these keys. Ends the script otherwise. `literal` may be null.
  void until(std::string_view lane, int n, Duration limit, Outcome kind, const Json* literal);
  /// Goes on when nothing can run and the call waits, in `what` unless that is empty.
  void until_waiting(std::string_view lane, Duration limit, std::string_view what);
  /// Goes on as soon as anything has happened since the last answer, or when the time is over.
  void until_event(Duration limit);
  void idle(Duration time);
  void tasks();
  void collect();

  bool empty() const { return count_ == 0; }
  /// How long all its waits take at most, if the loop's clock is the real one.
  Duration longest() const { return longest_; }
  /// The request that performs it. `first`: it begins a play; `last`: it ends it.
  Bytes request(bool first, bool last, bool virtual_clock) const;

 private:
  void action(std::string_view name, std::size_t arguments);
  void wait(Duration limit);

  MarshalWriter actions_;
  std::size_t count_ = 0;
  Duration longest_{};
};

}  // namespace relapse
