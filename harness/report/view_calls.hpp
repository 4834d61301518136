#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "model/correlate.hpp"
#include "model/run.hpp"

/// What the outputs show of the calls of an application. Every string that leaves here went through
/// safe_text.
namespace relapse::view {

/// The names of the two sides of an exchange.
struct Sides {
  std::string_view left = "replayer";
  std::string_view right = "target";
};
Sides sides(Plane plane);
/// " [asgi]"; "" for a result of the wire.
std::string plane_mark(const ScenarioResult& result);

/// One line of a scope as Python writes it.
struct ScopeLine {
  std::string text{};
  bool changed = false;  ///< the valid scope that it was made from has it otherwise
};
/// The scope, one key a line, the items of a list below their key.
std::vector<ScopeLine> scope_lines(const Value& scope);

/// How one call went.
struct CallFacts {
  std::uint32_t seq = 0;  ///< of its AsgiCalled
  std::string lane{};
  std::vector<ScopeLine> scope{};
  std::string answer{};  ///< the message that answered it first; "none"
  int sends = 0;
  std::string client{};  ///< "websocket.disconnect code=1006" as it was fed; "stayed"
  std::string end{};     ///< "RETURNED", "RAISED KeyError: 'x'", "WAITING in receive"
  double ended_at = -1;  ///< seconds; negative: it did not end
};
/// Every call but those of the probes.
std::vector<CallFacts> call_facts(const Timeline& timeline);

/// Whose an entry of the log is: its peer or request id as correlate.hpp finds it; of an
/// application that the harness called, which of its outputs it came from, for there the order is
/// exact.
std::string log_owner_text(const LogLine& line, const LogOwner& owner, bool several_lanes);

/// The traceback that came with an event, "" without one.
std::string_view traceback_of(const Event& event);

}  // namespace relapse::view
