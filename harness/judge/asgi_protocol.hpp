#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "model/scenario.hpp"
#include "model/timeline.hpp"

namespace relapse {

/// Something that the application did and the specification does not allow (ASGI 3, HTTP &
/// WebSocket message format 2.5, lifespan 2.0).
struct ProtocolViolation {
  std::size_t index = 0;  ///< of the event
  std::string text{};     ///< "websocket.send before websocket.accept"
  std::string section{};  ///< "ASGI websocket, section Accept - send event"
};

/// Follows every call of the timeline: what was fed, what was sent, how it ended. The order of
/// messages is not held against an application that was told by websocket.disconnect,
/// http.disconnect or an exception of send() that its client is gone: a server ignores what comes
/// then, or raises (section Disconnected Client - send exception). What it does after it has closed
/// or completed its answer by itself, and what is in a message, counts all the same.
///
/// The scenario says which calls the harness cancelled: those may end as they like.
std::vector<ProtocolViolation> protocol_violations(const Scenario& scenario,
                                                   const Timeline& timeline);

}  // namespace relapse
