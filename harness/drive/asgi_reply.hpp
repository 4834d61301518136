#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "model/event.hpp"

namespace relapse {

/// Takes what the bridge tells, in its order. Times are of the monotonic clock, which is that of
/// std::chrono::steady_clock. What a listener does not override it does not want to know.
class AsgiListener {
 public:
  AsgiListener() = default;
  AsgiListener(const AsgiListener&) = delete;
  AsgiListener& operator=(const AsgiListener&) = delete;
  virtual ~AsgiListener() = default;

  /// The script has come to this step.
  virtual void on_step(std::int64_t at_ns, int index);
  virtual void on_event(std::int64_t at_ns, int step, std::string lane, Payload payload);
  /// The rest of the script is not performed: what an `until` waited for did not come (`unmet`), or
  /// something else did.
  virtual void on_stopped(std::int64_t at_ns, int step, bool unmet, Duration waited);
  /// The last of an answer. The log hook is what makes the absence of a log entry mean something.
  virtual void on_end(bool log_hook_alive);
};

/// Reads one answer to a play. False when it is none; what came before the fault has been told.
bool read_asgi_reply(std::string_view octets, AsgiListener& listener);

}  // namespace relapse
