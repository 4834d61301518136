#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "model/timeline.hpp"

namespace relapse {

/// Which connection of a replay a log line belongs to, and what says so, the surest first.
struct LogOwner {
  enum class By {
    request_id,   ///< the X-Request-Id of one of its requests stands in the line
    parent_id,    ///< the parent id of one of its traceparent headers does
    trace_id,     ///< the replay's trace id does
    peer_port,    ///< its port on the harness's side does
    other_port,   ///< the port of a connection that is none of this replay's does
    time_window,  ///< nothing does: it came while the replay ran
  };
  By by = By::time_window;
  std::string lane{};  ///< "" when only the replay is known, or not even that
  int port = 0;        ///< peer_port, other_port
  bool operator==(const LogOwner&) const = default;
};

/// For every event of the timeline; what is no log line has the default. Looks at the text of an
/// entry and at the entry as it was logged, with its fields.
std::vector<LogOwner> log_owners(const Timeline& timeline);

/// "peer port 51544", "request id", "b, trace id", "another connection, peer port 40001"; "time
/// only". The lane is named when there are several.
std::string owner_text(const LogOwner& owner, bool several_lanes);

/// Whether the line names this port as somebody's: :PORT, port PORT, "port": PORT or, as Python
/// shows an address, ('127.0.0.1', PORT). Not when it is a part of a longer number.
bool names_port(const std::string& line, int port);

}  // namespace relapse
