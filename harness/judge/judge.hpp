#pragma once
#include <span>
#include <string_view>

#include "model/scenario.hpp"
#include "model/timeline.hpp"
#include "model/verdict.hpp"

namespace relapse {

/// A line in a server's log that means an unhandled fault. Kept as data because not every traceback
/// is a fault and some faults are logged without one.
struct FaultSignature {
  std::string_view server;
  std::string_view contains;
  bool late = false;  ///< see LogSignature
};
/// The built-in table.
std::span<const FaultSignature> fault_signatures();

/// Pure: no I/O, no clock. Works on a live timeline, a stored one, and a recording (which has no
/// step marks). Never throws: a judge that fails yields `inconclusive`.
///
/// Order of judgement: first whether the replay could show anything at all (target reachable,
/// ready, healthy before the first step), then expectations in step order, then claims over the
/// whole timeline, then the guards. A claim about the log counts only when the log was seen alive.
Verdict judge(const Scenario& scenario, const Timeline& timeline);

/// The entry of the log, when nothing but faults that it told late stand against the scenario: then
/// they may be those of any session before on the same process.
const LogLine* only_late_fault(const Verdict& verdict, const Timeline& timeline);
/// The first such entry among what the log told beside the steps: during the probes, say.
const LogLine* late_fault_aside(const Timeline& timeline);

/// The names of the built-in claims, as findings and proofs use them.
inline constexpr std::string_view guard_server_error = "guard:server-error";
inline constexpr std::string_view guard_log = "guard:log";
inline constexpr std::string_view guard_liveness = "guard:liveness";
inline constexpr std::string_view guard_exception = "guard:exception";  ///< ASGI plane
inline constexpr std::string_view guard_protocol = "guard:protocol";    ///< ASGI plane

}  // namespace relapse
